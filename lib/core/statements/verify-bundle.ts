import { type Bundle, bundleFromJSON, isBundleWithDsseEnvelope, isBundleWithPublicKey, type SerializedBundle } from '@sigstore/bundle';
import { PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';
import { describeStatement, schemaIssues } from './describe';
import { STATEMENT_MEDIA_TYPE } from './dsse';
import { Statement } from './statement';

export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export type TrustedKey = { hint: string; /** PEM of the SPKI. */ publicKeyPem: string };
/** One step, and what was compared with what. */
export type BundleStep = { id: 'envelope' | 'signature' | 'statement' | 'subject'; title: string; ok: boolean; detail: string };
export type BundleCheck = { ok: boolean; steps: BundleStep[]; /** Null unless the signature holds and the payload is a statement. */ statement: Statement | null };

const TITLES: Record<BundleStep['id'], string> = {
  envelope: 'The bundle is a signed in-toto statement',
  signature: 'The signature is by a key we trust',
  statement: 'The statement says what its type promises',
  subject: 'The statement is about these bytes',
};

/**
 * Checks a Sigstore bundle v0.3 that was signed with a key and without a transparency log, by `@sigstore/verify`. Never throws for bad
 * input: the step that fails says what was compared, and those that depend on it fail with it. The subject step is there only when
 * `subjectSha256`, the digest of the bytes at hand, is given. No trusted time is proven.
 */
export function verifyBundle(bundleJson: unknown, { keys, subjectSha256 }: { keys: readonly TrustedKey[]; subjectSha256?: string }): BundleCheck {
  const steps: BundleStep[] = [];
  const step = (id: BundleStep['id'], run: () => string): boolean => {
    const [ok, detail] = attempt(run);
    steps.push({ id, title: TITLES[id], ok, detail });
    return ok;
  };
  let bundle: Bundle | null = null;
  let statement: Statement | null = null;

  const enveloped = step('envelope', () => {
    bundle = bundleFromJSON(asSerialized(bundleJson));
    return checkEnvelope(bundle, keys);
  });
  const signed = step('signature', () => {
    if (!enveloped || !bundle) throw new Error('not checked: the envelope cannot be read or names a key we do not know');
    return checkSignature(bundle, keys);
  });
  const stated = step('statement', () => {
    if (!signed || !bundle) throw new Error('not checked: the payload is not proven to be what was signed');
    statement = readStatement(bundle);
    return describeStatement(statement);
  });
  if (subjectSha256 !== undefined) {
    step('subject', () => {
      if (!stated || !statement) throw new Error('not checked: there is no proven statement to hold the bytes against');
      return checkSubject(statement, subjectSha256);
    });
  }
  return { ok: steps.every(({ ok }) => ok), steps, statement };
}

function attempt(run: () => string): [ok: boolean, detail: string] {
  try {
    return [true, run()];
  } catch (error) {
    return [false, error instanceof Error ? error.message : String(error)];
  }
}

function asSerialized(bundleJson: unknown): SerializedBundle {
  if (typeof bundleJson !== 'object' || bundleJson === null || Array.isArray(bundleJson)) throw new Error('expected a bundle, a JSON object');
  // bundleFromJSON validates what it is given; its parameter type only names the fields.
  return bundleJson as SerializedBundle;
}

function checkEnvelope(bundle: Bundle, keys: readonly TrustedKey[]): string {
  expectSame('media type', BUNDLE_MEDIA_TYPE, bundle.mediaType);
  if (!isBundleWithDsseEnvelope(bundle)) throw new Error('the bundle holds a bare signature, not a DSSE envelope');
  if (!isBundleWithPublicKey(bundle)) throw new Error('the bundle names a certificate; only bundles signed with a key can be checked here');
  const { payloadType, signatures } = bundle.content.dsseEnvelope;
  expectSame('payload type', STATEMENT_MEDIA_TYPE, payloadType);
  expectSame('number of signatures', '1', String(signatures.length));
  const { hint } = bundle.verificationMaterial.content.publicKey;
  expectSame('DSSE keyid', hint, signatures[0]?.keyid ?? '');
  if (!keys.some((key) => key.hint === hint)) throw new Error(`the bundle names key ${hint}; known are ${keys.map((key) => key.hint).join(', ') || 'none'}`);
  return `${bundle.mediaType}, one signature, keyid and hint both ${hint}`;
}

function checkSignature(bundle: Bundle, keys: readonly TrustedKey[]): string {
  const material = toTrustMaterial(
    TrustedRoot.fromJSON({ mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1', tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] }),
    Object.fromEntries(keys.map(({ hint, publicKeyPem }) => [hint, { rawBytes: spkiOf(publicKeyPem), keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor: { start: new Date(0) } }])),
  );
  const verifier = new Verifier(material, { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 });
  verifier.verify(toSignedEntity(bundle));
  return 'the signature over the payload and its type verifies with the key the bundle names';
}

/** The DER inside a PEM. */
function spkiOf(publicKeyPem: string): Buffer {
  const base64 = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(publicKeyPem)?.[1];
  if (!base64) throw new Error('the public key is no PEM of an SPKI');
  return Buffer.from(base64, 'base64');
}

function readStatement(bundle: Bundle): Statement {
  if (!isBundleWithDsseEnvelope(bundle)) throw new Error('the bundle holds no DSSE envelope');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bundle.content.dsseEnvelope.payload);
  const payload: unknown = JSON.parse(text);
  const statement = Statement.safeParse(payload);
  if (!statement.success) throw new Error(`the payload is no in-toto Statement v1: ${schemaIssues(statement.error.issues)}`);
  return statement.data;
}

function checkSubject({ subject }: Statement, sha256: string): string {
  const match = subject.find(({ digest }) => digest.sha256 === sha256);
  if (!match) throw new Error(`the bytes have SHA-256 ${sha256}; the statement speaks of ${subject.map(({ digest }) => digest.sha256 ?? 'a subject without SHA-256').join(', ')}`);
  return `SHA-256 of the bytes, ${sha256}, is that of subject ${match.name ? `"${match.name}"` : 'without a name'}`;
}

function expectSame(what: string, expected: string, found: string): void {
  if (expected !== found) throw new Error(`${what}: expected ${expected || 'none'}, found ${found || 'none'}`);
}
