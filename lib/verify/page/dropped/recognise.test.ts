import { generateKeyPairSync } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../core/formats';
import { fixture, fixtureNames, fixtureText } from '../../../testing/fixtures';
import { PUBLIC_ROOT } from '../trust/public-root';
import { plainOf } from './plain';
import { recognise } from './recognise';
import { fileSource } from './source';

const recognised = async (name: string, content: string | Uint8Array) =>
  recognise(
    await plainOf(fileSource(new File([typeof content === 'string' ? content : Uint8Array.from(content)], name))),
  );
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const ENVELOPE = { payload: '', payloadType: 'application/vnd.in-toto+json', signatures: [] };

describe.each(FORMATS.map(({ id }) => id))('%s', (format) => {
  it('logs are known by what is in them, whatever they are called, packed or not', async () => {
    for (const name of fixtureNames(format).filter((fixtureName) => fixture(format, fixtureName).length > 0)) {
      for (const bytes of [fixture(format, name), gzipSync(fixture(format, name))])
        expect([name, await recognised('notes.txt', bytes)]).toEqual([name, { kind: 'log', format }]);
    }
  });

  it('a log of one record is a log, with and without a newline', async () => {
    const [line = ''] = fixture(format, 'valid').toString().split('\n');
    for (const text of [line, `${line}\n`]) expect(await recognised('x.json', text)).toEqual({ kind: 'log', format });
  });
});

it.each<[string, string, string | Uint8Array, object]>([
  [
    'a bundle 0.3',
    'x',
    JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' }),
    { kind: 'bundle' },
  ],
  [
    'a bundle 0.1',
    'x',
    JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1' }),
    { kind: 'bundle' },
  ],
  [
    'a bundle whose type was changed',
    'x',
    JSON.stringify({ mediaType: 'x', verificationMaterial: {}, dsseEnvelope: ENVELOPE }),
    { kind: 'bundle' },
  ],
  ['a trusted root', 'x', JSON.stringify(PUBLIC_ROOT), { kind: 'trusted-root' }],
  [
    'a record proof',
    'x',
    JSON.stringify({ mediaType: 'application/vnd.sealtrail.record-proof.v1+json' }),
    { kind: 'record-proof' },
  ],
  ['a C2SP proof', 'x', 'c2sp.org/tlog-proof@v1\nindex 0\n\n', { kind: 'tlog-proof' }],
  ['public keys', 'x', `# ours\n${PEM}${PEM}`, { kind: 'keys', pems: [PEM.trim(), PEM.trim()] }],
  [
    'keys as they are published',
    'x',
    JSON.stringify({
      items: [{ hint: 'x', algorithm: 'x', createdAt: 'x', retiredAt: '2026-05-12T09:00:00Z', publicKeyPem: PEM }],
      nextCursor: null,
    }),
    { kind: 'key-list', keys: [{ pem: PEM, validUntil: '2026-05-12T09:00:00Z' }] },
  ],
  [
    'a verifier key',
    'x',
    '# the log\nlog.example/tlog+00000000+AXh4\n',
    { kind: 'checkpoint-keys', lines: ['log.example/tlog+00000000+AXh4'] },
  ],
  [
    'a manifest',
    'x',
    `${'a'.repeat(64)}  ./x.txt\n${'b'.repeat(64)} *y.bin\n`,
    {
      kind: 'manifest',
      entries: [
        { sha256: 'a'.repeat(64), path: 'x.txt' },
        { sha256: 'b'.repeat(64), path: 'y.bin' },
      ],
    },
  ],
  ['a session of nono', 'x', fixtureText('nono', 'session.json'), { kind: 'sidecar', sidecar: 'nono-session' }],
  [
    'a ledger of nono',
    'audit/ledger.ndjson',
    fixtureText('nono', 'ledger.ndjson'),
    { kind: 'sidecar', sidecar: 'nono-ledger' },
  ],
  ['proofs of nono', 'x', fixtureText('nono', 'proofs.json'), { kind: 'sidecar', sidecar: 'nono-proofs' }],
  ['a ZIP', 'x', 'PK\u0003\u0004', { kind: 'package' }],
  [
    'a ZIP in a gzip',
    'x',
    gzipSync('PK\u0003\u0004'),
    { kind: 'other', what: expect.stringContaining('archive inside another') },
  ],
  ['zstd', 'x.jsonl.zst', zstdCompressSync('{}'), { kind: 'other', what: expect.stringContaining('zstd') }],
  [
    'a tar archive',
    'x.tar.gz',
    gzipSync(`${'x'.repeat(257)}ustar`),
    { kind: 'other', what: expect.stringContaining('tar archive') },
  ],
  [
    'a private key',
    'x',
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    { kind: 'other', what: expect.stringContaining('private key') },
  ],
  [
    'a certificate',
    'x',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    { kind: 'other', what: expect.stringContaining('certificate') },
  ],
  [
    'an envelope by itself',
    'x',
    JSON.stringify(ENVELOPE),
    { kind: 'other', what: expect.stringContaining('DSSE envelope by itself') },
  ],
  [
    'a statement by itself',
    'x',
    JSON.stringify({ _type: 'https://in-toto.io/Statement/v1' }),
    { kind: 'other', what: 'a statement without its signature' },
  ],
  ['nothing', 'x', '', { kind: 'other', what: 'empty: not one byte is in it' }],
  ['bytes', 'x', Uint8Array.of(0, 255, 10, 13), { kind: 'other', what: 'nothing known here' }],
  ['JSON of something else', 'x', '{"a":1}', { kind: 'other', what: 'nothing known here' }],
])('%s is known for what it is', async (_, name, content, expected) => {
  expect(await recognised(name, content)).toMatchObject(expected);
});
