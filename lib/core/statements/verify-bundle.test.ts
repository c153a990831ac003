import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unmetSteps, wordsOf } from '../../testing/checks';
import { spkiDigest, testSigner } from '../../testing/sign';
import { statementPayload } from './dsse';
import { type Trust, type TrustedKey, verifyBundle } from './verify-bundle';

const spec = readFileSync(new URL('predicates/audit-chain-segment.md', import.meta.url), 'utf8');
const statement: Record<string, unknown> = JSON.parse(/## Example\s+```json\n([\s\S]*?)```/.exec(spec)?.[1] ?? '{}');
const SUBJECT = '726436703500187f50978842dccc2f15a7fc3c49a2080ee4a61ab978a9acd7f1';

const signer = testSigner();
const trustIn = (...keys: TrustedKey[]): Trust => ({
  keys,
  trustedRoot: null,
  identities: [],
  require: { logEntries: 0, timestamps: 0 },
});
const trust = trustIn(signer.key);
const bundle = await signer.signBundle(statementPayload(statement));

/** A copy of the bundle with one change made to it. */
function changed(change: (copy: SerializedDsse) => void): unknown {
  const copy = structuredClone(bundle) as SerializedDsse; // made by the builder above
  change(copy);
  return copy;
}
type SerializedDsse = {
  mediaType: string;
  verificationMaterial: { publicKey: { hint: string } };
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid: string }[] };
};
/** Base64 with one bit of one of its bytes turned. */
function flipped(base64: string, at: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
  return bytes.toString('base64');
}
const failing = unmetSteps;

describe('verifyBundle', () => {
  it('passes what was signed, step by step', () => {
    const check = verifyBundle(bundle, { trust, subjectSha256: SUBJECT });
    expect(check.steps.map(({ step, status }) => [step, status])).toEqual([
      ['envelope', 'passed'],
      ['signature', 'passed'],
      ['statement', 'passed'],
      ['subject', 'passed'],
    ]);
    expect(check).toMatchObject({ ok: true, statement });
    expect(wordsOf(check, 'statement')).toContain('"pipeline-events"');
    expect(check).toMatchObject({ signedBy: { kind: 'key', hint: signer.key.hint }, times: [], logEntries: [] });
  });

  it('leaves the subject out when no bytes are at hand', () => {
    expect(verifyBundle(bundle, { trust }).steps.map(({ step }) => step)).toEqual([
      'envelope',
      'signature',
      'statement',
    ]);
  });

  it('names both digests when the bytes are others', () => {
    const check = verifyBundle(bundle, { trust, subjectSha256: 'a'.repeat(64) });
    expect(failing(check)).toEqual(['subject']);
    expect(wordsOf(check, 'subject')).toContain(SUBJECT);
  });

  it.each<[string, unknown, string[]]>([
    [
      'a changed payload',
      changed(
        ({ dsseEnvelope }) =>
          (dsseEnvelope.payload = Buffer.from(
            statementPayload({ ...statement, predicateType: 'https://example.com/x' }),
          ).toString('base64')),
      ),
      ['signature', 'statement'],
    ],
    [
      'a changed payload type',
      changed(({ dsseEnvelope }) => (dsseEnvelope.payloadType = 'application/json')),
      ['envelope', 'signature', 'statement'],
    ],
    [
      'a changed signature',
      changed(({ dsseEnvelope }) =>
        dsseEnvelope.signatures.forEach((signature) => (signature.sig = Buffer.alloc(70, 1).toString('base64'))),
      ),
      ['signature', 'statement'],
    ],
    [
      'a keyid that is not the hint',
      changed(({ dsseEnvelope }) => dsseEnvelope.signatures.forEach((signature) => (signature.keyid = 'other'))),
      ['envelope', 'signature', 'statement'],
    ],
    [
      'another bundle version',
      changed((copy) => (copy.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.2')),
      ['envelope', 'signature', 'statement'],
    ],
    [
      'two signatures',
      changed(({ dsseEnvelope }) => dsseEnvelope.signatures.push(...dsseEnvelope.signatures)),
      ['envelope', 'signature', 'statement'],
    ],
  ])('fails %s', (_, given, steps) => {
    const check = verifyBundle(given, { trust });
    expect(failing(check)).toEqual(steps);
    expect(check).toMatchObject({ ok: false, statement: null });
  });

  it.each(['__proto__', '', 'release key', 'SHA256:other'])(
    'holds by the key we know whatever the bundle calls it, such as %j, and by no other',
    (name) => {
      const renamed = changed(({ dsseEnvelope, verificationMaterial }) => {
        verificationMaterial.publicKey.hint = name;
        dsseEnvelope.signatures.forEach((signature) => (signature.keyid = name));
      });
      const check = verifyBundle(renamed, { trust });
      expect(check).toMatchObject({ ok: true, signedBy: { kind: 'key', hint: signer.key.hint } });
      expect(wordsOf(check, 'envelope')).toContain('which is no name of the key');
      const stranger = verifyBundle(renamed, { trust: trustIn(testSigner().key) });
      expect(failing(stranger)).toEqual(['envelope', 'signature', 'statement']);
      expect(stranger).toMatchObject({ statement: null, signedBy: null });
    },
  );

  it('fails a signature by another key under the same name', () => {
    const other = testSigner();
    expect(failing(verifyBundle(bundle, { trust: trustIn({ ...other.key, hint: signer.key.hint }) }))).toEqual([
      'signature',
      'statement',
    ]);
  });

  it.each([
    ['P-384 with SHA-256, as cosign signs', testSigner({ kind: 'p384' })],
    ['P-384 with SHA-384, as Sigstore pairs them', testSigner({ kind: 'p384', digest: 'sha384' })],
    ['Ed25519', testSigner({ kind: 'ed25519' })],
    ['a key named by the digest of its SPKI, as nono does', testSigner({ nameOf: spkiDigest })],
  ])('passes %s, and no other byte', async (_, { key, fingerprint, signBundle }) => {
    const signed = (await signBundle(statementPayload(statement))) as SerializedDsse; // made by the builder
    expect(verifyBundle(signed, { trust: trustIn(key) })).toMatchObject({
      ok: true,
      signedBy: { kind: 'key', hint: key.hint },
    });
    expect(verifyBundle(signed, { trust: trustIn({ ...key, hint: fingerprint }) })).toMatchObject({
      ok: true,
      signedBy: { kind: 'key', hint: fingerprint },
    });
    for (const signature of signed.dsseEnvelope.signatures) signature.sig = flipped(signature.sig, 12);
    expect(failing(verifyBundle(signed, { trust: trustIn(key) }))).toEqual(['signature', 'statement']);
  });

  it('passes a bundle of another tool without a keyid, or in an older format', async () => {
    const { key, signBundle } = testSigner({ nameOf: spkiDigest });
    const signed = (await signBundle(statementPayload(statement))) as SerializedDsse; // made by the builder
    for (const signature of signed.dsseEnvelope.signatures) signature.keyid = '';
    signed.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.1';
    const check = verifyBundle(signed, { trust: trustIn(key) });
    expect(check.ok).toBe(true);
    expect(wordsOf(check, 'envelope')).toContain('keyid none');
  });

  it('refuses every change of one byte of payload and signature', () => {
    const { dsseEnvelope } = bundle as SerializedDsse; // made by the builder above
    const refused = (text: string, put: (copy: SerializedDsse, value: string) => void) => {
      const bytes = Buffer.from(text, 'base64');
      return [...bytes.keys()].filter(
        (at) =>
          verifyBundle(
            changed((copy) => put(copy, flipped(text, at))),
            { trust },
          ).ok,
      );
    };
    expect(refused(dsseEnvelope.payload, (copy, value) => (copy.dsseEnvelope.payload = value))).toEqual([]);
    expect(
      refused(dsseEnvelope.signatures[0]?.sig ?? '', (copy, value) =>
        copy.dsseEnvelope.signatures.forEach((signature) => (signature.sig = value)),
      ),
    ).toEqual([]);
    expect(Buffer.from(dsseEnvelope.payload, 'base64').length).toBeGreaterThan(1000);
  });

  it('asks for log entries and timestamps where they are required, and says so', () => {
    const check = verifyBundle(bundle, { trust: { ...trust, require: { logEntries: 1, timestamps: 2 } } });
    expect(failing(check)).toEqual(['timestamp', 'log']);
    expect(wordsOf(check, 'timestamp')).toBe('at least 2 required, the bundle carries 0');
  });

  it.each([
    ['no statement', { hello: 'world' }],
    ['a predicate that breaks its schema', { ...statement, predicate: { verdict: 'splendid' } }],
  ])('fails %s, though signed', async (_, payload) => {
    expect(failing(verifyBundle(await signer.signBundle(statementPayload(payload)), { trust }))).toEqual(['statement']);
  });

  it('names a predicate of a type it does not know, and leaves it unread', async () => {
    const check = verifyBundle(
      await signer.signBundle(statementPayload({ ...statement, predicateType: 'https://example.com/x' })),
      { trust },
    );
    expect(check).toMatchObject({
      ok: true,
      steps: [
        {},
        {},
        { step: 'statement', reason: { code: 'statement-reads', predicateType: 'https://example.com/x', says: null } },
      ],
    });
    expect(wordsOf(check, 'statement')).toContain('https://example.com/x, is of a type not known here');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.array(fc.record({ hint: fc.string(), publicKeyPem: fc.string() }), { maxLength: 2 }),
        (given, strangers) => {
          expect(verifyBundle(given, { trust: trustIn(...strangers) }).ok).toBe(false);
        },
      ),
    );
    expect(verifyBundle(bundle, { trust: trustIn({ ...signer.key, publicKeyPem: 'no key' }) }).ok).toBe(false);
  });
});
