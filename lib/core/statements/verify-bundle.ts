import { type Check, type CheckResult, failed, isMet, passed, runCheck, skipped } from '../checks/check';
import { checkCertificate } from './verify/certificate';
import { type Opened, openEnvelope } from './verify/envelope';
import { checkInUse } from './verify/key-in-use';
import { checkLogEntries } from './verify/log-entries';
import { type Stage, materialOf, refused, verifyStage, verifyWhole } from './verify/material';
import { checkTimestamps } from './verify/timestamps';
import { checkSubject, readStatement } from './verify/statement-of';
import { readPredicate } from './describe';
import type { Statement } from './statement';

/** P-256, P-384 or Ed25519; `hint` is what bundles name it by, `publicKeyPem` the PEM of its SPKI. */
export type TrustedKey = {
  hint: string;
  publicKeyPem: string;
  /** When it was taken out of use, RFC 3339; what it signed before holds. */
  validUntil?: string | null;
};
/** Who a certificate must be issued to: its mail address or URI, and the OIDC issuer that vouched for it. A string must be equal. */
export type Identity = { subject: string | RegExp; issuer: string | RegExp };
/** No certificate at all: it must be signed with a key. */
export const KEY_ONLY: Identity = { subject: /(?!)/, issuer: /(?!)/ };
export type Trust = {
  keys: readonly TrustedKey[];
  /** A parsed `trusted_root.json`, or null. */
  trustedRoot: unknown;
  /** Any of these; empty: any identity that the certificate authority authenticates, and the step says so. */
  identities: readonly Identity[];
  /** Verified log entries, and verified RFC 3161 timestamps, a bundle must carry at least. */
  require: { logEntries: number; timestamps: number };
};
/** The steps of checking a bundle, in their order. */
const STEPS = ['envelope', 'certificate', 'signature', 'timestamp', 'log', 'statement', 'subject'] as const;
export type BundleStep = (typeof STEPS)[number];
export type BundleCheck = {
  ok: boolean;
  steps: Check[];
  /** Null unless the signature is by someone we trust and the payload is a statement. */
  statement: Statement | null;
  /** Null unless the signature is by someone we trust. */
  signedBy:
    | { kind: 'key'; hint: string }
    | { kind: 'certificate'; subject: string; issuer: string; notBefore: string; notAfter: string }
    | null;
  /** Verified times only; `log` is the time a transparency log signed. */
  times: { kind: 'timestamp' | 'log'; at: string }[];
  /** Verified entries only; `logId` in hex, `at` null in a log that signs no times. */
  logEntries: { logId: string; index: string; at: string | null }[];
};

/**
 * Checks a Sigstore bundle (v0.1 to v0.3) around a DSSE envelope by `@sigstore/verify`: signed with a key or with a certificate, with the
 * timestamps and log entries it carries. Never throws for bad input: the step that fails says what was compared, and those that depend on
 * it are skipped. Steps that do not apply are left out: certificate for a key, timestamp and log when there is none and none is required,
 * subject without `subjectSha256`, the digest of the bytes at hand. What a key signed after it was taken out of use is refused in the step of the
 * signature.
 */
export function verifyBundle(
  bundleJson: unknown,
  { trust, subjectSha256 }: { trust: Trust; subjectSha256?: string },
): BundleCheck {
  const results: Results = {};
  let opened: Opened | null = null;
  results.envelope = runCheck(() => {
    opened = openEnvelope(bundleJson, trust);
    return passed(opened.reason);
  });
  const proof = opened ? prove(opened, trust, results) : NOTHING;
  if (!opened) results.signature = skipped({ code: 'envelope-not-read' });

  let statement: Statement | null = null;
  results.statement = runCheck(() => {
    if (!opened || !proof.signedBy) return skipped({ code: 'payload-not-proven' });
    const read = readStatement(opened.bundle);
    const { subject, predicateType } = read;
    const reason = {
      code: 'statement-reads',
      subjects: subject.length,
      predicateType,
      says: readPredicate(read),
    } as const;
    statement = read;
    return passed(reason);
  });
  if (subjectSha256 !== undefined)
    results.subject = runCheck(() =>
      statement ? checkSubject(statement, subjectSha256) : skipped({ code: 'no-proven-statement' }),
    );
  const steps = STEPS.flatMap((step): Check[] => {
    const result = results[step];
    return result
      ? [{ step, ...(step === 'signature' && opened?.certificate && { about: { by: 'certificate' } }), ...result }]
      : [];
  });
  return { ok: steps.every(isMet), steps, statement, ...proof };
}

type Results = Partial<Record<BundleStep, CheckResult>>;
type Proof = Pick<BundleCheck, 'signedBy' | 'times' | 'logEntries'>;
const NOTHING: Proof = { signedBy: null, times: [], logEntries: [] };

/** Everything about who signed and when: the library verifies the whole, and where it finds something, each step alone. */
function prove(opened: Opened, trust: Trust, results: Results): Proof {
  const { entity, key, certificate } = opened;
  const material = materialOf(trust, key);
  const by = certificate ? 'certificate' : 'key';
  const signature = runCheck(
    () =>
      entity.signature.verifySignature(key)
        ? passed({ code: 'signature-verifies', by })
        : failed({ code: 'signature-differs', by }),
    refused,
  );
  const whole = verifyWhole(opened, material, trust);
  const stage: Stage = whole && 'signer' in whole ? () => whole.signer : verifyStage;
  const timestamps = checkTimestamps(opened, material, trust, stage);
  const log = checkLogEntries(opened, material, trust, stage);
  const issued = certificate
    ? checkCertificate({ opened, certificate, material, trust, times: [...timestamps.verified, ...log.times], stage })
    : null;
  Object.assign(
    results,
    { signature },
    timestamps.result && { timestamp: timestamps.result },
    log.result && { log: log.result },
    issued && { certificate: issued.result },
  );

  if (whole && 'step' in whole && Object.values(results).every(isMet)) results[whole.step] = failed(whole.reason);
  const times = [...timestamps.verified, ...log.times].map((time): BundleCheck['times'][number] =>
    time.$case === 'timestamp-authority'
      ? { kind: 'timestamp', at: time.timestamp.signingTime.toISOString() }
      : { kind: 'log', at: new Date(Number(time.tlogEntry.integratedTime) * 1000).toISOString() },
  );
  const { validUntil } = opened;
  if (validUntil !== null && results.signature?.status === 'passed')
    results.signature = checkInUse(validUntil, opened, { times, by });
  const trusted = results.signature?.status === 'passed' && (!issued || results.certificate?.status === 'passed');
  return {
    signedBy: !trusted ? null : issued ? issued.signedBy : { kind: 'key', hint: opened.hint },
    times,
    logEntries: log.verified.map((entry) => ({
      logId: entry.logId.keyId.toString('hex'),
      index: entry.logIndex,
      at: entry.inclusionPromise ? new Date(Number(entry.integratedTime) * 1000).toISOString() : null,
    })),
  };
}
