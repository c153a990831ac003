import { type Check, isMet, reasonOf } from '../../../core/checks/check';
import { reasonWords } from '../../../core/checks/reasons';
import { describeStatement, predicateLabel } from '../../../core/statements/describe';
import { Statement } from '../../../core/statements/statement';
import { type BundleCheck, type Trust, verifyBundle } from '../../../core/statements/verify-bundle';
import { fromBase64 } from '../../../core/base64';
import { isObject } from '../../../core/formats/read-line';
import type { Row } from '../outcome';
import {
  type TrustMaterial,
  type TrustedKey,
  type TrustedRoot,
  type Origin,
  PUBLIC_ORIGIN,
} from '../trust/trust-material';

export type CheckedBundle = {
  rows: Row[];
  /** The statement in it; `proven` when everything about its signature holds, and a trusted key or certificate signed it. */
  statement: Statement | null;
  words: string | null;
  proven: boolean;
  label: string;
};

type Attempt = { check: BundleCheck; trust: Trust; origin: Origin };

/** Who signed a bundle, whether that holds, and what it says. What cannot be checked for want of a key is told as that, not as false. */
export function checkBundle(json: unknown, trustMaterial: TrustMaterial): CheckedBundle {
  const claimed = claimedStatement(json);
  const label = claimed ? (predicateLabel(claimed.predicateType) ?? 'Statement') : 'Bundle';
  const hint = hintOf(json);
  if (hint !== null && keyFor(json, hint, trustMaterial) === null) {
    return {
      rows: [
        { step: 'signer', status: 'skipped', reason: { code: 'signer-key-not-here', hint } },
        unprovenRow(claimed),
      ],
      statement: claimed,
      words: wordsOf(claimed),
      proven: false,
      label,
    };
  }
  const { check, origin } = attemptOf(json, hint, trustMaterial);
  const proven = check.ok && !origin.selfAttested;
  const isStatement = ({ step }: Check) => step === 'statement';
  const rows = check.steps.filter((one) => !isStatement(one)).map((one) => rowOf(one, hint !== null));
  if (check.signedBy) rows.unshift(signerRow(check.signedBy, origin));
  return {
    rows: [...rows, ...(check.statement ? check.steps.filter(isStatement) : [unprovenRow(claimed)])],
    statement: check.statement ?? claimed,
    words: wordsOf(check.statement ?? claimed),
    proven,
    label,
  };
}

/** What to trust for a bundle, so that most of it holds; null when it names a key that is not here. */
export function trustFor(json: unknown, trustMaterial: TrustMaterial): { trust: Trust; origin: Origin } | null {
  const hint = hintOf(json);
  return hint !== null && keyFor(json, hint, trustMaterial) === null ? null : attemptOf(json, hint, trustMaterial);
}

/** Null when it names a key that is not here, and none of those that are signed it. */
function keyFor(json: unknown, hint: string, trustMaterial: TrustMaterial): Attempt | null {
  if (trustMaterial.keys.length === 0) return null;
  const attempted = byKey(json, hint, trustMaterial);
  return isNamed(hint, trustMaterial.keys) || attempted.check.signedBy !== null ? attempted : null;
}

function attemptOf(json: unknown, hint: string | null, trustMaterial: TrustMaterial): Attempt {
  return hint === null ? byCertificate(json, trustMaterial) : byKey(json, hint, trustMaterial);
}

function attempt(json: unknown, origin: Origin, trust: Trust): Attempt {
  return { origin, trust, check: verifyBundle(json, { trust }) };
}

function byKey(json: unknown, hint: string, { keys, roots }: TrustMaterial): Attempt {
  // What a key signed needs no log: only a root that was given is insisted on, one that came with the page may know nothing of its log.
  const given = roots.filter(({ origin }) => origin !== PUBLIC_ORIGIN).map(({ json: root }) => root);
  const trustedRoots = given.length > 0 ? given : [null, ...roots.map(({ json: root }) => root)];
  return best(
    candidates(hint, keys).flatMap(({ pem, names, origin, validUntil }) =>
      trustedRoots.map((trustedRoot) =>
        attempt(
          json,
          origin,
          trustOf({
            keys: [{ hint: isNamed(hint, keys) ? hint : (names[0] ?? hint), publicKeyPem: pem, validUntil }],
            trustedRoot,
          }),
        ),
      ),
    ),
  );
}

/** A certificate is worth nothing without the log that shows what it signed, wherever there is one. */
function byCertificate(json: unknown, { roots, expected }: TrustMaterial): Attempt {
  const identities = expected ? [expected] : [];
  return best(
    roots.map(({ json: trustedRoot, origin }) =>
      attempt(json, origin, trustOf({ trustedRoot, identities, logEntries: logsIn(trustedRoot) > 0 ? 1 : 0 })),
    ),
  );
}

function trustOf({
  keys = [],
  trustedRoot = null,
  identities = [],
  logEntries = 0,
}: {
  keys?: Trust['keys'];
  trustedRoot?: unknown;
  identities?: Trust['identities'];
  logEntries?: number;
}): Trust {
  return { keys, trustedRoot, identities, require: { logEntries, timestamps: 0 } };
}

/** The attempt that holds, or else the one in which most does. */
function best(attempts: readonly Attempt[]): Attempt {
  const score = ({ check, origin }: Attempt) =>
    (check.ok ? 1000 : 0) +
    (check.signedBy ? 100 : 0) +
    10 * (check.times.length + check.logEntries.length) +
    check.steps.filter(isMet).length +
    (origin.selfAttested ? 0 : 0.5);
  const [first] = attempts.toSorted((a, b) => score(b) - score(a));
  if (!first) throw new RangeError('no trust material');
  return first;
}

/** The keys a bundle may mean: those it names, or any, as its name for a key is unauthenticated. */
function candidates(hint: string, keys: readonly TrustedKey[]): TrustedKey[] {
  const named = keys.filter(({ names }) => names.includes(hint));
  return named.length > 0 ? named : [...keys];
}

/** A name that is made from a key means only that one; any other name is the signer's own affair. */
function isNamed(hint: string, keys: readonly TrustedKey[]): boolean {
  return keys.some(({ names }) => names.includes(hint)) || !/^SHA256:|^[0-9a-f]{64}$|^[A-Za-z0-9+/]{43}=$/.test(hint);
}

export function signerRow(
  signer: NonNullable<BundleCheck['signedBy']>,
  { selfAttested: isSelfAttested, ...origin }: Origin,
): Row {
  const row = { step: 'signer', about: { signer } } as const;
  const of = { by: signer.kind, origin } as const;
  return isSelfAttested
    ? { ...row, status: 'skipped', isSelfAttested, reason: { code: 'signer-self-attested', ...of } }
    : { ...row, status: 'passed', reason: { code: 'signer-trusted', ...of } };
}

/** `isKeySigned`: what logs and timestamps add is more than the signature needs. */
export function rowOf(check: Check, isKeySigned: boolean): Row {
  const isMore = isKeySigned && check.status === 'skipped' && (check.step === 'timestamp' || check.step === 'log');
  return { ...check, ...(isMore && { isMore }) };
}

function unprovenRow(claimed: Statement | null): Row {
  return { step: 'statement', status: 'skipped', reason: { code: 'statement-not-proven', words: wordsOf(claimed) } };
}

function wordsOf(statement: Statement | null): string | null {
  if (!statement) return null;
  try {
    return describeStatement(statement);
  } catch (error) {
    return reasonWords(reasonOf(error));
  }
}

/** What the payload says, no matter who wrote it; null when it is no statement. */
function claimedStatement(json: unknown): Statement | null {
  const envelope = isObject(json) ? json.dsseEnvelope : null;
  const payload = isObject(envelope) && typeof envelope.payload === 'string' ? fromBase64(envelope.payload) : null;
  if (!payload) return null;
  try {
    return Statement.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))).data ?? null;
  } catch {
    return null; // no JSON: told by the step that reads it
  }
}

/** How the bundle names the key that signed it; null when it carries a certificate, or neither. */
function hintOf(json: unknown): string | null {
  const material = isObject(json) ? json.verificationMaterial : null;
  const key = isObject(material) ? material.publicKey : null;
  return isObject(key) ? (typeof key.hint === 'string' ? key.hint : '') : null;
}

function logsIn(root: TrustedRoot['json']): number {
  return isObject(root) && Array.isArray(root.tlogs) ? root.tlogs.length : 0;
}
