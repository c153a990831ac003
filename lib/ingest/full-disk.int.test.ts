import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { openFileStore } from '../evidence/file-store';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { ingestAny } from './any-upload';
import { appendRecords } from './append-records';
import { RESUMABLE_PATH, resumable } from './resumable/server';
import { ingestUpload } from './upload';

const MIB = 1024 * 1024;

let installation: TestInstallation;
let ctx: Context;
/** The disk that everything taken in goes to, as large as a test says, less what lies on it. */
let diskBytes = 0;
beforeAll(async () => {
  installation = await startInstallation();
  const { dataDir, reserveBytes } = installation.ctx.env;
  const freeBytes = async () =>
    diskBytes - (await sizeOf(path.join(dataDir, 'incoming'))) - (await sizeOf(path.join(dataDir, 'evidence')));
  ctx = {
    ...installation.ctx,
    freeBytes,
    evidence: await openFileStore(path.join(dataDir, 'evidence'), { reserveBytes, freeBytes }),
  };
});
beforeEach(async () => {
  diskBytes = ctx.env.reserveBytes + 12 * MIB + (await sizeOf(path.join(ctx.env.dataDir, 'evidence')));
});
afterAll(() => installation?.stop());

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => []))
    bytes += await stat(path.join(folder, name)).then(
      (entry) => (entry.isFile() ? entry.size : 0),
      () => 0,
    );
  return bytes;
}
const isReserveLeft = async () => (await ctx.freeBytes('')) >= ctx.env.reserveBytes;

/** A log without end, of lines that do not pack. */
async function* endless(): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < 200 * MIB; sent += MIB)
    yield Buffer.concat([Buffer.alloc(MIB - 1, 'x'), Buffer.from('\n')]);
}

it('an upload in parts that does not say how large it becomes is cut off at the reserve, can be deleted on the full disk, and goes on once there is room', async () => {
  const { answer } = await resumable(ctx);
  const tus = (method: string, url: string, headers: Record<string, string>, body?: BodyInit) =>
    answer(
      new Request(new URL(url, 'http://127.0.0.1'), {
        method,
        headers: { 'Tus-Resumable': '1.0.0', ...headers },
        body,
        duplex: 'half',
      } as RequestInit),
      testActor(),
    );
  const began = await tus('POST', RESUMABLE_PATH, {
    'Upload-Defer-Length': '1',
    'Upload-Metadata': `filename ${Buffer.from('log.jsonl').toString('base64')}`,
  });
  expect(began.status).toBe(201);
  const at = began.headers.get('location') ?? '';
  const patched = await tus(
    'PATCH',
    at,
    { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
    Readable.toWeb(Readable.from(endless())) as unknown as BodyInit,
  );
  expect(patched.status).toBe(507);
  expect(await patched.json()).toMatchObject({ code: 'STORAGE_FULL' });
  expect(await isReserveLeft()).toBe(true);

  const offset = (await tus('HEAD', at, {})).headers.get('upload-offset') ?? '';
  expect(Number(offset)).toBeGreaterThan(0);
  diskBytes += 2 * MIB;
  expect(
    (
      await tus(
        'PATCH',
        at,
        { 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' },
        Buffer.alloc(1024),
      )
    ).status,
  ).toBe(204);

  diskBytes = 0;
  expect(
    (
      await tus(
        'PATCH',
        at,
        { 'Upload-Offset': String(Number(offset) + 1024), 'Content-Type': 'application/offset+octet-stream' },
        Buffer.alloc(1024),
      )
    ).status,
  ).toBe(507);
  expect((await tus('DELETE', at, {})).status).toBe(204);
  expect(await sizeOf(path.join(ctx.env.dataDir, 'incoming'))).toBe(0);
});

const failing = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

it('an upload, an archive and an append are refused before they reach into the reserve, and leave nothing', async () => {
  const log = toBytes(writers(ctx.hasher).occasio.write([{ tool: 'bash', decision: 'allow', note: 'n' }]));
  const large = async function* () {
    yield log;
    yield* endless();
  };
  expect(
    await failing(ingestUpload(ctx, { fileName: 'log.jsonl', chain: 'large', body: large(), actor: testActor() })),
  ).toBe('STORAGE_FULL');
  expect(await isReserveLeft()).toBe(true);
  const archive = async function* () {
    yield Buffer.from('PK\x03\x04');
    yield* endless();
  };
  expect(
    await failing(
      ingestAny(ctx, { fileName: 'a.zip', chain: null, format: undefined, body: archive(), actor: testActor() }),
    ),
  ).toBe('STORAGE_FULL');
  expect(await isReserveLeft()).toBe(true);
  expect(await sizeOf(path.join(ctx.env.dataDir, 'incoming'))).toBe(0);
  expect(await readdir(path.join(ctx.env.dataDir, 'evidence/tmp'))).toEqual([]);
  diskBytes = ctx.env.reserveBytes;
  const append = (disk: Context) =>
    appendRecords(disk, {
      chain: 'appended',
      bytes: log,
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    });
  expect(await failing(append(ctx))).toBe('STORAGE_FULL');
  expect(await ctx.db.selectFrom('chains').select('name').where('name', 'in', ['large', 'appended']).execute()).toEqual(
    [],
  );
  // What was found of one disk is not said of another.
  expect(await append(installation.ctx)).toMatchObject({ chain: 'appended' });
});
