import { randomBytes } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type S3TestServer, startS3Server } from '../testing/s3-server';
import { openEvidence } from './open';
import { type EvidenceStore, putObject } from './store';
import { storeContract } from './store.contract';

let server: S3TestServer;
let store: EvidenceStore;
beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
  server = await startS3Server('sealtrail');
  store = await openEvidence(server.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

storeContract(
  () => store,
  async (digest, bytes) => {
    const url = new URL(server.url);
    const client = new S3Client({
      region: 'us-east-1',
      endpoint: url.searchParams.get('endpoint') ?? '',
      forcePathStyle: true,
    });
    const place = { Bucket: url.hostname, Key: `${url.pathname.slice(1)}/objects/${digest.slice(0, 2)}/${digest}` };
    await client.send(bytes ? new PutObjectCommand({ ...place, Body: bytes }) : new DeleteObjectCommand(place));
  },
);

it('writes a name only on the condition that it is not there, small and large', async () => {
  server.requests.length = 0;
  const [small, large] = [
    await putObject(store, randomBytes(10)),
    await putObject(store, randomBytes(20 * 1024 * 1024)),
  ];
  const writes = server.requests.filter((request) => request.endsWith('*'));
  expect(writes).toEqual([
    expect.stringContaining(`PUT /sealtrail/evidence/objects/${small.digest.slice(0, 2)}/${small.digest}`),
    expect.stringMatching(new RegExp(`POST .*${large.digest}.*uploadId=`)),
  ]);
  expect(server.requests.filter((request) => request.includes('partNumber=')).length).toBe(3);
});

it('writes the same bytes once, and reads what is there to know that they are the same', async () => {
  const bytes = randomBytes(1000);
  await putObject(store, bytes);
  server.requests.length = 0;
  await putObject(store, bytes);
  expect(server.requests.map((request) => request.split(' ')[0])).toEqual(['HEAD', 'GET']);
});

it('says that it cannot be written when the server is gone', async () => {
  const gone = await openEvidence('s3://sealtrail/evidence?endpoint=http%3A%2F%2F127.0.0.1%3A9');
  expect(await gone.probe()).toBe(false);
  await expect(putObject(gone, Buffer.from('x'))).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
  await expect(gone.read('0'.repeat(64))).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
});
