import * as z from 'zod';
import { parseJson } from '../../bytes/json-text';
import { fromBase64 } from '../../base64';
import type { ProblemCode } from '../../chain/problem';
import type { NonoSession } from './session';
import { STATEMENT_MEDIA_TYPE, preAuthEncoding } from '../../statements/dsse';
import { type CheckedSidecar, type SidecarTools, type SignatureKey } from '../../sidecars/sidecar';

const AUDIT_SESSION_TYPE = 'https://nono.sh/attestation/audit-session/alpha';

const Bundle = z.lazy(() =>
  z.object({
    verificationMaterial: z.object({ publicKey: z.object({ hint: z.string() }) }),
    dsseEnvelope: z.object({
      payload: z.base64(),
      payloadType: z.literal(STATEMENT_MEDIA_TYPE),
      signatures: z.array(z.object({ sig: z.base64() })).min(1),
    }),
  }),
);

const AuditStatement = z.lazy(() =>
  z.object({
    predicateType: z.string(),
    subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })).min(1),
    predicate: z.object({
      session_id: z.string(),
      started: z.string(),
      ended: z.string().nullish(),
      audit_log: z.object({
        hash_algorithm: z.string(),
        event_count: z.int(),
        chain_head: z.string(),
        merkle_root: z.string(),
      }),
      signer: z.object({ kind: z.string(), key_id: z.string().nullish() }),
    }),
  }),
);

export type AttestationCheck = Pick<CheckedSidecar, 'holds' | 'message' | 'facts'> & {
  problem: { code: ProblemCode; expected: string | null; found: string | null } | null;
};

/**
 * Checks a session's `audit-attestation.bundle` in the order nono does: predicate type, keyed signer, key and its names, pinned key,
 * signature, and what the statement says of the session. Without a pinned key the session file vouches for its own key: self-attested.
 */
export function checkNonoAttestation(
  tools: SidecarTools,
  text: string,
  session: NonoSession,
  pinned: readonly SignatureKey[],
): AttestationCheck {
  const { audit_attestation: attestation, audit_integrity: integrity } = session;
  const facts: CheckedSidecar['facts'] = { keyId: attestation?.key_id ?? null, selfAttested: pinned.length === 0 };
  if (!attestation || !integrity)
    return {
      holds: null,
      message: 'The session file names no attestation, so nothing says by which key it is signed.',
      facts,
      problem: null,
    };
  const signed = readAttestation(text);
  const fault = signed
    ? (typeFault(signed, attestation) ??
      signatureFault(tools, signed, attestation, pinned) ??
      sessionFault(signed, session, integrity))
    : unreadable('It is no attestation as nono writes them: it was damaged, or is another file.');
  if (fault) {
    const { message, ...problem } = fault;
    return { holds: false, message, facts, problem };
  }
  const by =
    pinned.length > 0
      ? 'by the key given'
      : 'by the key the session file itself states (self-attested: pin the key to know whose it is)';
  return {
    holds: true,
    message: `It attests session, count, head and Merkle root, and its signature holds, ${by}.`,
    facts,
    problem: null,
  };
}

type Fault = { code: ProblemCode; message: string; expected: string | null; found: string | null };
type Signed = { bundle: z.output<typeof Bundle>; payload: Uint8Array; statement: z.output<typeof AuditStatement> };
type Attestation = NonNullable<NonoSession['audit_attestation']>;
type Integrity = NonNullable<NonoSession['audit_integrity']>;

function readAttestation(text: string): Signed | null {
  const bundle = Bundle.safeParse(parseJson(text)).data;
  const payload = bundle && fromBase64(bundle.dsseEnvelope.payload);
  const statement = payload ? AuditStatement.safeParse(parseJson(new TextDecoder().decode(payload))).data : undefined;
  return bundle && payload && statement ? { bundle, payload, statement } : null;
}

/** Whether it is what nono states of a session. */
function typeFault({ statement }: Signed, attestation: Attestation): Fault | null {
  const { predicateType: found, predicate } = statement;
  if (attestation.predicate_type !== AUDIT_SESSION_TYPE || found !== AUDIT_SESSION_TYPE)
    return {
      code: 'session-mismatch',
      message: 'It is a statement of another type than nono makes of a session.',
      expected: AUDIT_SESSION_TYPE,
      found,
    };
  if (predicate.signer.kind === 'keyed') return null;
  return {
    code: 'session-mismatch',
    message: 'It does not say that it was signed with a key, as nono’s attestations do.',
    expected: 'keyed',
    found: predicate.signer.kind,
  };
}

/** Whether it is signed by the key the session file states, and that is one of those given. */
function signatureFault(
  { hasher, readKey }: SidecarTools,
  { bundle, payload }: Signed,
  attestation: Attestation,
  pinned: readonly SignatureKey[],
): Fault | null {
  const spki = fromBase64(attestation.public_key);
  const key = spki && readKey(spki, attestation.key_id);
  if (!spki || key?.algorithm !== 'ECDSA P-256')
    return unreadable('The session file states no public key that nono signs with.');
  const keyId = hasher.sha256(spki);
  const fails = (message: string, expected: string | null = null, found: string | null = null): Fault => ({
    code: 'bad-signature',
    message,
    expected,
    found,
  });
  if (keyId !== attestation.key_id)
    return fails(
      'The session file calls its key by another name than the key has: the key was exchanged.',
      keyId,
      attestation.key_id,
    );
  const { hint } = bundle.verificationMaterial.publicKey;
  if (hint !== keyId) return fails('The attestation names another key than the session file.', keyId, hint);
  if (pinned.length > 0 && !pinned.some(({ fingerprint }) => fingerprint === keyId))
    return fails(
      'It is signed with a key that is none of those given: somebody else signed it.',
      pinned.map(({ fingerprint }) => fingerprint).join(', '),
      keyId,
    );
  const covered = preAuthEncoding(bundle.dsseEnvelope.payloadType, payload);
  return bundle.dsseEnvelope.signatures.some(({ sig }) => verifies(key, covered, sig))
    ? null
    : fails('Its signature does not hold: the attestation was changed after it was signed.');
}

/** Whether it states of the session what the session file does. */
function sessionFault({ statement }: Signed, session: NonoSession, integrity: Integrity): Fault | null {
  const { predicate } = statement;
  const log = predicate.audit_log;
  for (const [what, expected, found, code] of [
    ['Merkle root', integrity.merkle_root, statement.subject[0]?.digest.sha256 ?? '', 'merkle-mismatch'],
    ['session', session.session_id, predicate.session_id, 'session-mismatch'],
    ['hash algorithm', integrity.hash_algorithm, log.hash_algorithm, 'session-mismatch'],
    ['count of events', String(integrity.event_count), String(log.event_count), 'session-mismatch'],
    ['head of the log', integrity.chain_head, log.chain_head, 'session-mismatch'],
    ['Merkle root in its predicate', integrity.merkle_root, log.merkle_root, 'merkle-mismatch'],
    ['start', session.started, predicate.started, 'session-mismatch'],
    ['end', session.ended ?? '', predicate.ended ?? '', 'session-mismatch'],
  ] as const) {
    if (expected.toLowerCase() !== found.toLowerCase())
      return {
        code,
        message: `It attests another ${what} than the session file states: the session file was changed after it was attested, or the attestation is another session’s.`,
        expected,
        found,
      };
  }
  return null;
}

function unreadable(message: string): Fault {
  return { code: 'unreadable-evidence', message, expected: null, found: null };
}

function verifies(key: SignatureKey, covered: Uint8Array, sig: string): boolean {
  const signature = fromBase64(sig);
  return signature !== null && key.verify(covered, signature);
}
