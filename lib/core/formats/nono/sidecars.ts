import * as z from 'zod';
import { parseJson } from '../../bytes/json-text';
import { type Sidecar } from '../../sidecars/sidecar';
import type { DeclaredSidecars } from '../../sidecars/declared';
import { lostLog, lostSessions } from './lost-sessions';
import { InclusionProof } from './merkle';
import { referenceNono } from './reference';
import { NonoSession } from './session';
import { observeNonoSession } from './session-folder';

export type NonoSidecarKind = 'nono-attestation' | 'nono-proofs' | 'nono-session' | 'nono-ledger';

const Bundle = z.lazy(() => z.object({ mediaType: z.string().startsWith('application/vnd.dev.sigstore.bundle') }));
const Proofs = z.lazy(() => z.union([z.array(InclusionProof).min(1), InclusionProof]));
const LedgerRow = z.lazy(() =>
  z.object({
    sequence: z.int(),
    session_id: z.string(),
    session_digest: z.string(),
    chain_hash: z.string(),
  }),
);

const isOne = (schema: z.ZodType) => (json: unknown) => schema.safeParse(json).success;

/** What nono keeps in the folder of a session, and above it. */
export const nonoSidecars: DeclaredSidecars<NonoSidecarKind> = {
  kinds: [
    {
      kind: 'nono-attestation',
      label: 'attestation of the session',
      names: ['audit-attestation.bundle'],
      isOne: isOne(Bundle),
      speaksOf: 'log-in-folder',
      isReplaced: true,
      isBundle: true,
      isSigned: true,
    },
    {
      kind: 'nono-proofs',
      label: 'inclusion proofs',
      names: ['proofs.json'],
      isOne: isOne(Proofs),
      speaksOf: 'log-in-folder',
    },
    {
      kind: 'nono-session',
      label: 'session file',
      names: ['session.json'],
      isOne: isOne(NonoSession),
      speaksOf: 'log-in-folder',
      tellsFormat: true,
      statedKey: (text) => NonoSession.safeParse(parseJson(text)).data?.audit_attestation?.public_key ?? null,
    },
    {
      kind: 'nono-ledger',
      label: 'ledger of sessions',
      names: ['ledger.ndjson'],
      isLines: true,
      isOne: isOne(LedgerRow),
      speaksOf: 'logs-below',
      isReplaced: true,
    },
  ],
  files: 'session.json, ledger.ndjson, audit-attestation.bundle or inclusion proofs',
  action: 'Add session.json, ledger, attestation …',
  signs: { algorithm: 'ECDSA P-256', each: 'session', in: 'nono-attestation' },
  whole: {
    title: 'Send a session when it has ended',
    text: 'The folder of the session with the ledger above it, as an archive. Session file, attestation and ledger are compared with the log, and show an end that was cut off before it came here.',
    pack: 'tar cz -C ~/.local/state/nono/audit "$SESSION_ID" ledger.ndjson',
  },
  lost: { log: { file: 'session.json', words: lostLog }, logs: { file: 'ledger.ndjson', words: lostSessions } },
  // Another's session is attested by itself alone.
  keysFor(keys, sidecars) {
    const named = sessionsIn(sidecars).map((session) => session?.audit_attestation?.key_id);
    return keys.filter(({ algorithm, fingerprint }) => algorithm !== 'ECDSA P-256' || named.includes(fingerprint));
  },
  referenceVerifier(hasher, sidecars) {
    const session = sessionsIn(sidecars).at(-1);
    return session ? referenceNono(hasher, session) : null;
  },
  observe: (tools, sidecars, keys) =>
    sidecars.some(({ kind }) => kind.startsWith('nono-')) ? [observeNonoSession(tools, sidecars, keys)] : [],
};

function sessionsIn(sidecars: readonly Sidecar[]): (NonoSession | null)[] {
  return sidecars
    .filter(({ kind }) => kind === 'nono-session')
    .map(({ text }) => NonoSession.safeParse(parseJson(text)).data ?? null);
}
