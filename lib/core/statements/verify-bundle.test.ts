import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testSigner } from '../../testing/sign';
import { statementPayload } from './dsse';
import { verifyBundle } from './verify-bundle';

const spec = readFileSync(new URL('predicates/audit-chain-segment.md', import.meta.url), 'utf8');
const statement: Record<string, unknown> = JSON.parse(/## Example\s+```json\n([\s\S]*?)```/.exec(spec)?.[1] ?? '{}');
const SUBJECT = '726436703500187f50978842dccc2f15a7fc3c49a2080ee4a61ab978a9acd7f1';

const signer = testSigner();
const keys = [signer.key];
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
const failing = (check: ReturnType<typeof verifyBundle>) => check.steps.filter(({ ok }) => !ok).map(({ id }) => id);

describe('verifyBundle', () => {
  it('passes what was signed, step by step', () => {
    const check = verifyBundle(bundle, { keys, subjectSha256: SUBJECT });
    expect(check.steps.map(({ id, ok }) => [id, ok])).toEqual([['envelope', true], ['signature', true], ['statement', true], ['subject', true]]);
    expect(check).toMatchObject({ ok: true, statement });
    expect(check.steps[2]?.detail).toBe('2 subjects; records 0 to 227 of "pipeline-events" were found tampered');
  });

  it('leaves the subject out when no bytes are at hand', () => {
    expect(verifyBundle(bundle, { keys }).steps.map(({ id }) => id)).toEqual(['envelope', 'signature', 'statement']);
  });

  it('names both digests when the bytes are others', () => {
    const check = verifyBundle(bundle, { keys, subjectSha256: 'a'.repeat(64) });
    expect(failing(check)).toEqual(['subject']);
    expect(check.steps.at(-1)?.detail).toContain(SUBJECT);
  });

  it.each<[string, unknown, string[]]>([
    ['a changed payload', changed(({ dsseEnvelope }) => (dsseEnvelope.payload = Buffer.from(statementPayload({ ...statement, predicateType: 'https://example.com/x' })).toString('base64'))), ['signature', 'statement']],
    ['a changed payload type', changed(({ dsseEnvelope }) => (dsseEnvelope.payloadType = 'application/json')), ['envelope', 'signature', 'statement']],
    ['a changed signature', changed(({ dsseEnvelope }) => dsseEnvelope.signatures.forEach((signature) => (signature.sig = Buffer.alloc(70, 1).toString('base64')))), ['signature', 'statement']],
    ['a keyid that is not the hint', changed(({ dsseEnvelope }) => dsseEnvelope.signatures.forEach((signature) => (signature.keyid = 'other'))), ['envelope', 'signature', 'statement']],
    ['a key we do not know', changed(({ dsseEnvelope, verificationMaterial }) => {
      verificationMaterial.publicKey.hint = '__proto__';
      dsseEnvelope.signatures.forEach((signature) => (signature.keyid = '__proto__'));
    }), ['envelope', 'signature', 'statement']],
    ['another bundle version', changed((copy) => (copy.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.2')), ['envelope', 'signature', 'statement']],
    ['two signatures', changed(({ dsseEnvelope }) => dsseEnvelope.signatures.push(...dsseEnvelope.signatures)), ['envelope', 'signature', 'statement']],
  ])('fails %s', (_, given, steps) => {
    const check = verifyBundle(given, { keys });
    expect(failing(check)).toEqual(steps);
    expect(check).toMatchObject({ ok: false, statement: null });
  });

  it('fails a signature by another key under the same name', () => {
    const other = testSigner();
    expect(failing(verifyBundle(bundle, { keys: [{ ...other.key, hint: signer.key.hint }] }))).toEqual(['signature', 'statement']);
  });

  it.each([
    ['no statement', { hello: 'world' }],
    ['a predicate that breaks its schema', { ...statement, predicate: { verdict: 'splendid' } }],
  ])('fails %s, though signed', async (_, payload) => {
    expect(failing(verifyBundle(await signer.signBundle(statementPayload(payload)), { keys }))).toEqual(['statement']);
  });

  it('names a predicate of a type it does not know, and leaves it unread', async () => {
    const { ok, steps } = verifyBundle(await signer.signBundle(statementPayload({ ...statement, predicateType: 'https://example.com/x' })), { keys });
    expect(ok).toBe(true);
    expect(steps.find(({ id }) => id === 'statement')?.detail).toContain('https://example.com/x, is of a type not known here');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.record({ hint: fc.string(), publicKeyPem: fc.string() }), { maxLength: 2 }), (given, strangers) => {
        expect(verifyBundle(given, { keys: strangers }).ok).toBe(false);
      }),
    );
    expect(verifyBundle(bundle, { keys: [{ ...signer.key, publicKeyPem: 'no key' }] }).ok).toBe(false);
  });
});
