import { checkCertificate } from './verify/certificate';
import { type Opened, openEnvelope } from './verify/envelope';
import { checkInUse } from './verify/key-in-use';
import { checkLogEntries } from './verify/log-entries';
import { type Stage, type Told, materialOf, told, verifyStage, verifyWhole } from './verify/material';
import { checkTimestamps } from './verify/timestamps';
import { checkSubject, readStatement } from './verify/statement-of';
import { describeStatement } from './describe';
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
export const NOBODY: Identity = { subject: /(?!)/, issuer: /(?!)/ };
export type Trust = {
  keys: readonly TrustedKey[];
  /** A parsed `trusted_root.json`, or null. */
  trustedRoot: unknown;
  /** Any of these; empty: whoever the certificate authority vouches for, and the step says so. */
  identities: readonly Identity[];
  /** Verified log entries, and verified RFC 3161 timestamps, a bundle must carry at least. */
  require: { logEntries: number; timestamps: number };
};
export type StepId = 'envelope' | 'certificate' | 'signature' | 'timestamp' | 'log' | 'statement' | 'subject';
/** One step, and what was compared with what. */
export type BundleStep = { id: StepId; title: string; ok: boolean; detail: string };
export type BundleCheck = {
  ok: boolean;
  steps: BundleStep[];
  /** Null unless the signature is by someone we trust and the payload is a statement. */
  statement: Statement | null;
  /** Null unless the signature is by someone we trust. */
  signedBy: { kind: 'key'; hint: string } | { kind: 'certificate'; subject: string; issuer: string; notBefore: string; notAfter: string } | null;
  /** Verified times only; `log` is the time a transparency log signed. */
  times: { kind: 'timestamp' | 'log'; at: string }[];
  /** Verified entries only; `logId` in hex, `at` null in a log that signs no times. */
  logEntries: { logId: string; index: string; at: string | null }[];
};

/** In the order they are told. */
const TITLES: Record<StepId, string> = {
  envelope: 'The bundle is a signed in-toto statement',
  certificate: 'The certificate is by an authority we trust, for an identity we accept',
  signature: 'The signature is by a key we trust',
  timestamp: 'A timestamp authority saw the signature',
  log: 'A transparency log holds the signature',
  statement: 'The statement says what its type promises',
  subject: 'The statement is about these bytes',
};

/**
 * Checks a Sigstore bundle (v0.1 to v0.3) around a DSSE envelope by `@sigstore/verify`: signed with a key or with a certificate, with the
 * timestamps and log entries it carries. Never throws for bad input: the step that fails says what was compared, and those that depend on
 * it fail with it. Steps that do not apply are left out: certificate for a key, timestamp and log when there is none and none is required,
 * subject without `subjectSha256`, the digest of the bytes at hand. What a key signed after it was taken out of use is refused in the step of the
 * signature.
 */
export function verifyBundle(bundleJson: unknown, { trust, subjectSha256 }: { trust: Trust; subjectSha256?: string }): BundleCheck {
  const results: Partial<Record<StepId, Told>> = {};
  let opened: Opened | null = null;
  results.envelope = told(() => {
    opened = openEnvelope(bundleJson, trust);
    return opened.detail;
  });
  const proof = opened ? prove(opened, trust, results) : NOTHING;
  if (!opened) results.signature = { ok: false, detail: 'not checked: the envelope cannot be read or names a key we do not know' };

  let statement: Statement | null = null;
  results.statement = told(() => {
    if (!opened || !proof.signedBy) throw new Error('not checked: the payload is not proven to be what somebody we trust signed');
    const read = readStatement(opened.bundle);
    const words = describeStatement(read);
    statement = read;
    return words;
  });
  if (subjectSha256 !== undefined) {
    results.subject = told(() => {
      if (!statement) throw new Error('not checked: there is no proven statement to hold the bytes against');
      return checkSubject(statement, subjectSha256);
    });
  }
  const steps = STEP_IDS.flatMap((id) => {
    const result = results[id];
    return result ? [{ id, title: id === 'signature' && opened?.certificate ? 'The signature is by the key of the certificate' : TITLES[id], ...result }] : [];
  });
  return { ok: steps.every(({ ok }) => ok), steps, statement, ...proof };
}

// Object.keys gives string[]; these are the keys of the literal above.
const STEP_IDS = Object.keys(TITLES) as StepId[];
type Proof = Pick<BundleCheck, 'signedBy' | 'times' | 'logEntries'>;
const NOTHING: Proof = { signedBy: null, times: [], logEntries: [] };

/** Everything about who signed and when: the library judges the whole, and where it finds something, each step alone. */
function prove(opened: Opened, trust: Trust, results: Partial<Record<StepId, Told>>): Proof {
  const { entity, key, certificate } = opened;
  const material = materialOf(trust, key);
  const signature = told(() => {
    const whose = certificate ? 'the key of the certificate' : 'the key the bundle names';
    if (!entity.signature.verifySignature(key)) throw new Error(`the signature over the payload and its type does not verify with ${whose}`);
    return `the signature over the payload and its type verifies with ${whose}`;
  });
  const whole = verifyWhole(opened, material, trust);
  const stage: Stage = whole && 'signer' in whole ? () => whole.signer : verifyStage;
  const timestamps = checkTimestamps(opened, material, trust, stage);
  const log = checkLogEntries(opened, material, trust, stage);
  const issued = certificate ? checkCertificate({ opened, certificate, material, trust, times: [...timestamps.verified, ...log.times], stage }) : null;
  Object.assign(results, { signature }, timestamps.told && { timestamp: timestamps.told }, log.told && { log: log.told }, issued && { certificate: issued.told });

  if (whole && 'step' in whole && Object.values(results).every(({ ok }) => ok)) results[whole.step] = { ok: false, detail: whole.detail };
  const times = [...timestamps.verified, ...log.times].map((time): BundleCheck['times'][number] =>
    time.$case === 'timestamp-authority' ? { kind: 'timestamp', at: time.timestamp.signingTime.toISOString() } : { kind: 'log', at: new Date(Number(time.tlogEntry.integratedTime) * 1000).toISOString() },
  );
  const { validUntil } = opened;
  if (validUntil !== null && results.signature?.ok) results.signature = told(() => `${signature.detail}; ${checkInUse(validUntil, opened, times)}`);
  const trusted = results.signature?.ok && (!issued || results.certificate?.ok);
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
