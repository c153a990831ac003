import { rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { POST as append } from '@/app/api/v1/chains/[chainId]/records/route';
import { GET as receiptOf, HEAD, PATCH, POST as begin } from '@/app/api/v1/resumable/[[...id]]/route';
import { GET as bytes } from '@/app/api/v1/segments/[digest]/bytes/route';
import { POST, PUT } from '@/app/api/v1/uploads/[fileName]/route';
import { createToken } from '../access/tokens';
import { testActor, testAdmin } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { makeZip } from '../testing/make-zip';

type Route = (request: Request, segment: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;
const ROUTES: [RegExp, (found: RegExpExecArray) => Record<string, string | string[]>, Record<string, Route>][] = [
  [
    /^\/api\/v1\/uploads\/([^/?]+)/,
    ([, fileName = '']) => ({ fileName }),
    { POST, PUT } as unknown as Record<string, Route>,
  ],
  [
    /^\/api\/v1\/chains\/([^/?]+)\/records/,
    ([, chainId = '']) => ({ chainId }),
    { POST: append } as unknown as Record<string, Route>,
  ],
  [
    /^\/api\/v1\/segments\/([^/?]+)\/bytes/,
    ([, digest = '']) => ({ digest }),
    { GET: bytes } as unknown as Record<string, Route>,
  ],
  [
    /^\/api\/v1\/resumable\/?(.*)/,
    ([, id = '']) => ({ id: [id] }),
    { GET: receiptOf, POST: begin, HEAD, PATCH } as unknown as Record<string, Route>,
  ],
];

let installation: TestInstallation;
let url = '';
let token = '';
const server = createServer(async (incoming, outgoing) => {
  const { method = 'GET', url: address = '/' } = incoming;
  for (const [pattern, paramsOf, routes] of ROUTES) {
    const found = pattern.exec(address);
    const route = routes[method];
    if (!found || !route) continue;
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(incoming);
    const answer = await route(
      new Request(`${url}${address}`, { method, headers, body, duplex: 'half' } as RequestInit),
      { params: Promise.resolve(paramsOf(found)) },
    );
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(answer.body ? await buffer(answer.body) : undefined);
    return;
  }
  outgoing.writeHead(404).end();
});
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) });
  await testAdmin(ctx, { name: 'Somebody', email: 'somebody@example.com', password: 'only-for-this-test' });
  ({ token } = await createToken(ctx, { name: 't', scopes: ['ingest', 'read'], actor: testActor() }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // of a server that listens
}, 120_000);
afterAll(async () => {
  server.close();
  await installation.stop();
}, 60_000);

const log = (note: string) =>
  Buffer.from(toBytes(writers(installation.ctx.hasher).occasio.write([{ tool: 'bash', decision: 'allow', note }])));
const ask = (method: string, to: string, body: Buffer | null, headers: Record<string, string> = {}) =>
  fetch(`${url}${to}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...headers },
    body: body && new Uint8Array(body),
  });
const TUS = { 'Tus-Resumable': '1.0.0' };

async function sendInParts(name: string): Promise<Response> {
  const whole = log(name);
  const begun = await ask('POST', '/api/v1/resumable', null, {
    ...TUS,
    'Upload-Length': String(whole.length),
    'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}`,
  });
  return ask('PATCH', new URL(begun.headers.get('location') ?? '', url).pathname, whole, {
    ...TUS,
    'Upload-Offset': '0',
    'Content-Type': 'application/offset+octet-stream',
  });
}

it('an upload in parts that became whole while nothing could be written is kept, and taken in when it can', async () => {
  const refused = await without('tmp', () => sendInParts('kept'));
  expect(refused.status).toBe(503);
  const receipt = await ask('GET', new URL(refused.url).pathname, null);
  expect([receipt.status, await receipt.json()]).toEqual([
    200,
    expect.objectContaining({ uploads: [expect.objectContaining({ chain: 'kept', relation: 'new' })] }),
  ]);
});

const WAYS: [string, (name: string) => Promise<Response>][] = [
  ['PUT', (name) => ask('PUT', `/api/v1/uploads/${name}`, log(name))],
  ['POST', (name) => ask('POST', `/api/v1/uploads/${name}`, log(name))],
  [
    'POST of an archive',
    (name) => ask('POST', `/api/v1/uploads/${name}.zip`, makeZip([{ name: `${name}.jsonl`, content: log(name) }])),
  ],
  ['the last part of an upload in parts', sendInParts],
];

/** No file can be made or opened in a folder that is a file, whoever asks. */
async function without<T>(folder: 'tmp' | 'objects', work: () => Promise<T>): Promise<T> {
  const at = path.join(installation.ctx.env.dataDir, 'evidence', folder);
  await rename(at, `${at}-aside`);
  await writeFile(at, '');
  try {
    return await work();
  } finally {
    await rm(at);
    await rename(`${at}-aside`, at);
  }
}

it.each(WAYS)(
  '%s to a store that takes no writes is 503, tells no path, keeps nothing, and is taken later',
  async (way, send) => {
    const name = way.replaceAll(' ', '-');
    const refused = await without('tmp', () => send(name));
    const said = await refused.text();
    expect([refused.status, JSON.parse(said)]).toEqual([
      503,
      expect.objectContaining({
        code: 'EVIDENCE_UNAVAILABLE',
        detail: expect.stringContaining('cannot be written now'),
      }),
    ]);
    expect(said).not.toContain(installation.ctx.env.dataDir);
    expect(
      await installation.ctx.db.selectFrom('chains').select('name').where('name', 'like', `${name}%`).execute(),
    ).toEqual([]);
    expect((await send(name)).status).toBeLessThan(300);
  },
);

it('an append needs no file of the store, and is taken', async () => {
  expect(
    (
      await without('tmp', () =>
        ask('POST', '/api/v1/chains/appended/records', log('appended'), { 'Content-Type': 'application/x-ndjson' }),
      )
    ).status,
  ).toBe(200);
});

it('a segment that cannot be read now is 503 too', async () => {
  await ask('PUT', '/api/v1/uploads/read', log('read'));
  const { digest } = await installation.ctx.db
    .selectFrom('uploads as u')
    .innerJoin('upload_segments as s', 's.upload_id', 'u.id')
    .where('u.file_name', '=', 'read')
    .select('s.digest')
    .executeTakeFirstOrThrow();
  const refused = await without('objects', () => ask('GET', `/api/v1/segments/${digest}/bytes`, null));
  expect([refused.status, await refused.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'EVIDENCE_UNAVAILABLE' }),
  ]);
  expect((await ask('GET', `/api/v1/segments/${digest}/bytes`, null)).status).toBe(200);
});
