import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { statementPayload } from '../../../core/statements/dsse';
import { reportOn, titlesOf } from '../../../testing/ask-verifier';
import { testSigner } from '../../../testing/sign';

const signer = testSigner();
const KEY = { 'key.pem': signer.key.publicKeyPem };
const about = (name: string) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name, digest: { sha256: createHash('sha256').update(name).digest('hex') } }],
  predicateType: 'https://example.com/t',
  predicate: {},
});
const bundles = await Promise.all(
  ['one', 'two'].map(async (name) => JSON.stringify(await signer.signBundle(statementPayload(about(name))))),
);

it.each([
  ['one a line', bundles.join('\n')],
  ['a list', `[${bundles.join(',')}]`],
  ['one a line, with CR LF and an end', `${bundles.join('\r\n')}\r\n`],
])('several bundles in one file, as %s, are verified each by itself', async (_, file) => {
  const report = await reportOn({ 'bundles.jsonl': file, one: 'one', two: 'two', ...KEY });
  expect(report.checked.map(({ kind, file: name }) => [kind, name])).toEqual([
    ['bundle', 'bundles.jsonl'],
    ['bundle', 'bundles.jsonl'],
  ]);
  expect(titlesOf(report, 'passed').filter((title) => title === 'It is about bytes that are here')).toHaveLength(2);
  expect(report.outcome).toBe('holds');
});

it.each(['release key 2026', '', 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'f'.repeat(64)])(
  'a key that was given is tried whatever the bundle calls it: %j',
  async (hint) => {
    const bundle = JSON.parse(bundles[0] ?? '{}') as { verificationMaterial: object }; // made above
    const renamed = JSON.stringify({
      ...bundle,
      verificationMaterial: { ...bundle.verificationMaterial, publicKey: { hint } },
    });
    expect((await reportOn({ 'b.json': renamed, one: 'one', ...KEY })).outcome).toBe('holds');
    expect(
      (await reportOn({ 'b.json': renamed, one: 'one', 'key.pem': testSigner().key.publicKeyPem })).outcome,
    ).not.toBe('holds');
  },
);
