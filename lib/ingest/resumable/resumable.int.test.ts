import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tokenActor } from '../../access/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { RESUMABLE_PATH, resumable } from './server';

const CALLER = tokenActor({ id: '1', name: 'shared name', role: 'administrator', chains: null });
let installation: TestInstallation;
let log: Buffer;
beforeAll(async () => {
  installation = await startInstallation();
  log = await readFile(path.join(import.meta.dirname, '../../core/formats/occasio/fixtures/valid.jsonl'));
}, 120_000);
afterAll(() => installation.stop(), 60_000);

async function send(
  method: string,
  location: string,
  headers: Record<string, string>,
  body?: Uint8Array,
  caller = CALLER,
): Promise<Response> {
  const init = {
    method,
    headers: { 'Tus-Resumable': '1.0.0', ...headers },
    ...(body && { body: Buffer.from(body), duplex: 'half' }),
  };
  return (await resumable(installation.ctx)).answer(
    new Request(new URL(location, 'http://127.0.0.1:7325'), init as RequestInit),
    caller,
  ); // types lack `duplex`
}
const metadata = (chain: string) => `filename ${btoa('log.jsonl')},chain ${btoa(chain)}`;
const bytesOf = async (chain: string) =>
  (await installation.ctx.db.selectFrom('chains').select('size_bytes').where('name', '=', chain).executeTakeFirst())
    ?.size_bytes;

it('an upload that comes whole with its creation is made, and says so', async () => {
  const made = await send(
    'POST',
    RESUMABLE_PATH,
    {
      'Upload-Length': String(log.length),
      'Upload-Metadata': metadata('with creation'),
      'Content-Type': 'application/offset+octet-stream',
    },
    log,
  );
  expect([made.status, made.headers.get('upload-offset')]).toEqual([201, String(log.length)]);
  expect(made.headers.get('location')).toMatch(/^\/api\/v1\/resumable\/[0-9a-f]{32}$/);
  expect(await made.json()).toMatchObject({ uploads: [{ chain: 'with creation', relation: 'new' }] });
  expect(await bytesOf('with creation')).toBe(log.length);
});

it('a part of it may come with its creation, and the rest by POST where no PATCH comes through', async () => {
  const made = await send(
    'POST',
    RESUMABLE_PATH,
    {
      'Upload-Length': String(log.length),
      'Upload-Metadata': metadata('in parts'),
      'Content-Type': 'application/offset+octet-stream',
    },
    log.subarray(0, 5000),
  );
  expect([made.status, made.headers.get('upload-offset')]).toEqual([201, '5000']);
  const location = made.headers.get('location') ?? '';
  const requested = await send('POST', location, { 'X-HTTP-Method-Override': 'HEAD' });
  expect([requested.status, requested.headers.get('upload-offset')]).toEqual([200, '5000']);
  const done = await send(
    'POST',
    location,
    { 'X-HTTP-Method-Override': 'PATCH', 'Upload-Offset': '5000', 'Content-Type': 'application/offset+octet-stream' },
    log.subarray(5000),
  );
  expect(done.status).toBe(200);
  expect(await bytesOf('in parts')).toBe(log.length);
});

it('belongs to the one who began it, not to another of the same name', async () => {
  const made = await send('POST', RESUMABLE_PATH, { 'Upload-Length': '1000', 'Upload-Metadata': metadata('mine') });
  const location = made.headers.get('location') ?? '';
  expect((await send('HEAD', location, {}, undefined, { ...CALLER, id: '2' })).status).toBe(404);
  expect((await send('DELETE', location, {}, undefined, { ...CALLER, id: '2' })).status).toBe(404);
  expect((await send('POST', location, { 'X-HTTP-Method-Override': 'DELETE' })).status).toBe(204);
});
