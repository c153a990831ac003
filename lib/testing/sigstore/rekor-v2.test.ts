import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCheckpoint } from '../../core/merkle/checkpoint';
import { leafHash } from '../../core/merkle/hash';
import { rootHash } from '../../core/merkle/prove';
import { tileIndexPath } from '../../core/merkle/tiles';
import { rekorV2 } from './rekor-v2';
import { type Service, serve } from './service';

const ENTRIES = 600;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rawBytes = createPublicKey(key.privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
let log: Service;
beforeAll(async () => {
  log = await serve(0, (url) => rekorV2(url, generateKeyPairSync('ed25519').privateKey));
  for (let n = 0; n < ENTRIES; n += 1) await add(Buffer.from(`entry ${n}`));
}, 60_000);
afterAll(() => log.close());

function add(data: Buffer, over: Buffer = data): Promise<Response> {
  const digest = createHash('sha256').update(over).digest('base64');
  const signature = {
    content: sign('sha256', data, key.privateKey).toString('base64'),
    verifier: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', publicKey: { rawBytes } },
  };
  return fetch(`${log.url}/api/v2/log/entries`, {
    method: 'POST',
    body: JSON.stringify({ hashedRekordRequestV002: { digest, signature } }),
  });
}
const read = async (path: string) => new Uint8Array(await (await fetch(`${log.url}/api/v2/${path}`)).arrayBuffer());

it('signs the root that its tiles and its entries give', async () => {
  const checkpoint = parseCheckpoint(new TextDecoder().decode(await read('checkpoint')));
  expect(checkpoint.size).toBe(ENTRIES);
  const root = await rootHash(
    ({ level, index, width }) => read(`tile/${level}/${tileIndexPath(index)}${width < 256 ? `.p/${width}` : ''}`),
    ENTRIES,
  );
  expect(Buffer.from(root)).toEqual(Buffer.from(checkpoint.rootHash));

  const bundle = Buffer.from(await read('tile/entries/001'));
  const first = bundle.subarray(2, 2 + bundle.readUInt16BE(0));
  expect(JSON.parse(first.toString('utf8'))).toMatchObject({ kind: 'hashedrekord', apiVersion: '0.0.2' });
  expect(Buffer.from(leafHash(first))).toEqual(Buffer.from((await read('tile/0/001')).subarray(0, 32)));
});

it('takes no signature over another digest, and no other kind of entry', async () => {
  expect((await add(Buffer.from('one'), Buffer.from('other'))).status).toBe(400);
  const refused = await fetch(`${log.url}/api/v2/log/entries`, {
    method: 'POST',
    body: JSON.stringify({ dsseRequestV002: {} }),
  });
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { code: 3, message: 'invalid type, must be hashedrekord' },
  ]);
});
