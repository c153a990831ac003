import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeContext, composeContext } from '../compose';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { verifySegments } from '../testing/verify';
import { formatById } from '../core/formats';
import { readObject } from '../evidence/store';
import { appendRecords } from './append-records';
import type { AppendRequest } from './append/request';
import { closeTail } from './close-tail';
import { runDueTails } from './run-due-tails';
import { sealChain } from './seal-chain';
import { ingestUpload } from './upload';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const sample = (name: string) =>
  readFile(path.join(import.meta.dirname, '../core/formats', name.replace('/', '/fixtures/')));
const append = (
  chain: string,
  bytes: Buffer,
  precondition: AppendRequest['precondition'],
  extra: Partial<AppendRequest> = {},
) => appendRecords(installation.ctx, { chain, bytes, precondition, idempotency: null, actor: testActor(), ...extra });
const at = (offset: number) => ({ kind: 'offset', offset }) as const;

/** All bytes of a chain: closed segments, then what is open. */
async function bytesOf(chainId: string): Promise<Buffer> {
  const { db, evidence } = installation.ctx;
  const segments = await db
    .selectFrom('chain_segments')
    .select('digest')
    .where('chain_id', '=', chainId)
    .orderBy('index')
    .execute();
  const pieces = await db
    .selectFrom('tail_pieces')
    .select('bytes')
    .where('chain_id', '=', chainId)
    .orderBy('byte_offset')
    .execute();
  return Buffer.concat([
    ...(await Promise.all(segments.map(({ digest }) => readObject(evidence, digest)))),
    ...pieces.map(({ bytes }) => bytes),
  ]);
}

const chainRow = (chainId: string) =>
  installation.ctx.db.selectFrom('chains').selectAll().where('id', '=', chainId).executeTakeFirstOrThrow();
async function until(what: () => Promise<boolean>): Promise<void> {
  for (
    const untilMs = Date.now() + 30_000;
    Date.now() < untilMs;
    await new Promise((resolve) => setTimeout(resolve, 50))
  )
    if (await what()) return;
  throw new Error('it did not happen in 30 s');
}

describe.each(['occasio', 'arbiter', 'nono', 'agentfence', 'vouch'] as const)('a %s chain that grows', (id) => {
  it('has the verdict, head and counts of the whole at every step, whatever the pieces', async () => {
    const log = await sample(`${id}/valid.jsonl`);
    const chain = `${id} grows`;
    const sizes = [1, 700, 5000, 3, 20_000, 64, Infinity];
    let offset = 0;
    let chainId = '';
    for (const size of sizes) {
      const piece = log.subarray(offset, Math.min(log.length, offset + size));
      const receipt = await append(chain, piece, at(offset), { format: id });
      offset += piece.length;
      chainId = receipt.chainId;
      const complete = log.subarray(0, log.subarray(0, offset).lastIndexOf(0x0a) + 1);
      const whole = verifySegments(formatById(id), installation.ctx.hasher, [complete]);
      expect(receipt).toMatchObject({
        offset,
        pendingBytes: offset - complete.length,
        records: whole.records,
        head: whole.head,
        verdict: whole.verdict,
      });
      if (size === 5000) await closeTail(installation.ctx, { chainId, actor: testActor() });
    }
    expect(await bytesOf(chainId)).toEqual(log);
    await closeTail(installation.ctx, { chainId, actor: testActor() });
    await installation.settled(chainId);
    const whole = verifySegments(formatById(id), installation.ctx.hasher, [log]);
    expect(await chainRow(chainId)).toMatchObject({
      verdict: whole.verdict,
      records: whole.records,
      head: whole.head,
      size_bytes: log.length,
    });
    expect(await bytesOf(chainId)).toEqual(log);
  });
});

describe('an append', () => {
  it('that begins elsewhere than the chain ends is refused with where it ends, and changes nothing', async () => {
    const log = await sample('occasio/valid.jsonl');
    const first = await append('elsewhere', log.subarray(0, 10_000), at(0));
    await expect(append('elsewhere', log.subarray(0, 10), at(9_000))).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { offset: 10_000, head: first.head },
    });
    await expect(
      append('elsewhere', log.subarray(0, 10), { kind: 'prev', hash: 'a'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(append('not there yet', log.subarray(0, 10), at(7), { format: 'occasio' })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { offset: 0 },
    });
    expect(
      await installation.ctx.db.selectFrom('chains').select('id').where('name', '=', 'not there yet').execute(),
    ).toEqual([]);
    expect(await bytesOf(first.chainId)).toEqual(log.subarray(0, 10_000));
  });

  it('with a key is taken in once however often it comes, and another body under that key is refused', async () => {
    const log = await sample('arbiter/valid.jsonl');
    const idempotency = { key: 'k1', bodySha256: '1'.repeat(64) };
    const receipts = await Promise.all([1, 2, 3].map(() => append('keyed', log, at(0), { idempotency })));
    expect(receipts).toEqual(receipts.map(() => receipts[0]));
    expect(await append('keyed', log, at(0), { idempotency })).toEqual(receipts[0]);
    await expect(
      append('keyed', log, at(0), { idempotency: { ...idempotency, bodySha256: '2'.repeat(64) } }),
    ).rejects.toMatchObject({ code: 'KEY_REUSED' });
    expect(await bytesOf(receipts[0]?.chainId ?? '')).toEqual(log);
  });

  it('of lines that came before leaves them out, and lines that overtook their predecessor wait for it', async () => {
    const lines = (await sample('nono/valid.jsonl')).toString().split(/(?<=\n)/);
    const part = (from: number, to: number) => Buffer.from(lines.slice(from, to).join(''));
    const shipped = (from: number, to: number) => append('shipped', part(from, to), { kind: 'lines' });
    await shipped(0, 10);
    expect(await shipped(0, 10)).toMatchObject({ accepted: 0, duplicates: 10 });
    expect(await shipped(5, 15)).toMatchObject({ accepted: 5, duplicates: 5, records: 15 });
    await expect(shipped(20, 30)).rejects.toMatchObject({ code: 'BUSY' });
    const [early, late] = await Promise.allSettled([shipped(20, 30), shipped(15, 20)]);
    expect([early?.status, late?.status]).toEqual(['rejected', 'fulfilled']);
    expect(await shipped(20, 30)).toMatchObject({ accepted: 10, records: 30, verdict: 'verified' });
  });

  it('from a hundred writers at once leaves every chain whole', async () => {
    const lines = (await sample('vouch/valid.jsonl')).toString().split(/(?<=\n)/);
    const whole = verifySegments(formatById('vouch'), installation.ctx.hasher, [Buffer.from(lines.join(''))]);
    const ends = await Promise.all(
      Array.from({ length: 100 }, async (_, writer) => {
        let last = null;
        for (let from = 0; from < lines.length; from += 25)
          last = await append(`writer ${writer}`, Buffer.from(lines.slice(from, from + 25).join('')), {
            kind: 'lines',
          });
        return last;
      }),
    );
    expect(ends).toEqual(
      ends.map((end) => ({ ...end, verdict: 'verified', head: whole.head, records: whole.records })),
    );
  });

  it('that would make a line longer than a record may be is refused with its place, and nothing of it is kept', async () => {
    const chain = 'endless';
    const line = (await sample('occasio/valid.jsonl')).toString().split('\n')[0] ?? '';
    const { offset } = await append(chain, Buffer.from(`${line}\n`), at(0));
    const piece = Buffer.alloc(12 * 1024 * 1024);
    await append(chain, piece, at(offset));
    const end = offset + piece.length;
    for (const bytes of [
      piece,
      Buffer.concat([piece, Buffer.from('\n')]),
      Buffer.concat([piece, Buffer.from(`\n${line}\n`)]),
    ]) {
      await expect(append(chain, bytes, at(end))).rejects.toMatchObject({
        code: 'TOO_LARGE',
        details: { byteOffset: offset },
        message: expect.stringContaining(`starts at byte ${offset}`),
      });
    }
    const behind = Buffer.concat([Buffer.from('\n'), Buffer.alloc(17 * 1024 * 1024), Buffer.from('\n')]);
    await expect(append(chain, behind, at(end))).rejects.toMatchObject({
      code: 'TOO_LARGE',
      details: { byteOffset: end + 1 },
    });
    expect(await append(chain, Buffer.from('\n'), at(end))).toMatchObject({ offset: end + 1, pendingBytes: 0 });
  });

  it('on a disk without room is refused as such, and goes on where it was once there is room', async () => {
    const log = await sample('occasio/valid.jsonl');
    const { chainId } = await append('full', log.subarray(0, 5_000), at(0));
    const { env } = installation.ctx;
    const { reserveBytes } = env;
    env.reserveBytes = Number.MAX_SAFE_INTEGER;
    await expect(append('full', log.subarray(5_000), at(5_000))).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    env.reserveBytes = reserveBytes;
    expect(await bytesOf(chainId)).toEqual(log.subarray(0, 5_000));
    expect(await append('full', log.subarray(5_000), at(5_000))).toMatchObject({
      verdict: 'verified',
      offset: log.length,
    });
  });

  it('from two processes at once is taken in one after another, each record once', async () => {
    const other = await composeContext(installation.ctx.env, 'web');
    const lines = (await sample('occasio/valid.jsonl')).toString().split(/(?<=\n)/);
    const offsets = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index).join('')));
    const taken = async (ctx: typeof other, index: number): Promise<boolean> => {
      const request = {
        chain: 'contended',
        format: 'occasio',
        bytes: Buffer.from(lines[index] ?? ''),
        precondition: at(offsets[index] ?? 0),
        idempotency: null,
        actor: testActor(),
      } as const;
      const [outcome] = await Promise.allSettled([appendRecords(ctx, request)]);
      if (outcome?.status === 'rejected' && outcome.reason.code !== 'CONFLICT') throw outcome.reason;
      return outcome?.status === 'fulfilled';
    };
    for (let index = 0; index < 60; index += 1) {
      const both = await Promise.all([taken(installation.ctx, index), taken(other, index)]);
      expect(both.filter(Boolean)).toHaveLength(1);
    }
    const { id } = await installation.ctx.db
      .selectFrom('chains')
      .select('id')
      .where('name', '=', 'contended')
      .executeTakeFirstOrThrow();
    expect(await bytesOf(id)).toEqual(Buffer.from(lines.slice(0, 60).join('')));
    expect((await chainRow(id)).verdict).toBe('verified');
    await closeContext(other);
  });

  it('that breaks the chain says where at once, and what was found of it stays found', async () => {
    const [good, bad] = [await sample('occasio/valid.jsonl'), await sample('occasio/tampered.jsonl')];
    const cut = good.indexOf(0x0a, 40_000) + 1;
    await append('breaks', good.subarray(0, cut), at(0));
    const receipt = await append('breaks', bad.subarray(cut), at(cut));
    expect(receipt).toMatchObject({
      verdict: 'tampered',
      problems: [{ code: 'hash-mismatch', record: 99, line: 100 }],
    });
    expect((await chainRow(receipt.chainId)).verdict).toBe('tampered');
  });
});

describe('what was appended', () => {
  it('can be searched while its segment is open, and once afterwards', async () => {
    const log = await sample('agentfence/valid.jsonl');
    const { chainId, records } = await append('searched', log, at(0));
    const inLake = async () => {
      const result = await installation.ctx.lake.query({
        query: 'SELECT count() AS n, uniqExact(ordinal) AS distinct FROM events WHERE chain_id = {chainId: UUID}',
        query_params: { chainId },
        format: 'JSONEachRow',
      });
      return (await result.json<{ n: number; distinct: number }>())[0];
    };
    await runDueTails(installation.ctx);
    await until(async () => (await inLake())?.distinct === records);
    await installation.ctx.db
      .updateTable('tails')
      .set({ close_wanted: true })
      .where('chain_id', '=', chainId)
      .execute();
    await runDueTails(installation.ctx);
    await installation.settled(chainId);
    expect(await inLake()).toEqual({ n: records, distinct: records });
  });

  it('goes on in the middle of a line although a file the chain holds already is uploaded again meanwhile', async () => {
    const log = await sample('occasio/valid.jsonl');
    const cut = log.indexOf(0x0a, 50_000) + 1;
    const upload = () =>
      ingestUpload(installation.ctx, {
        fileName: 'x.jsonl',
        chain: 'again',
        body: (async function* () {
          yield log.subarray(0, cut);
        })(),
        actor: testActor(),
      });
    const { chainId } = await upload();
    await installation.settled(chainId);
    await append('again', log.subarray(cut, cut + 1_000), at(cut));
    expect(await upload()).toMatchObject({ relation: 'identical' });
    expect(await append('again', log.subarray(cut + 1_000), at(cut + 1_000))).toMatchObject({
      verdict: 'verified',
      offset: log.length,
    });
    await closeTail(installation.ctx, { chainId, actor: testActor() });
    await until(async () => (await chainRow(chainId)).verified_generation === (await chainRow(chainId)).generation);
    expect(await chainRow(chainId)).toMatchObject({ verdict: 'verified', problem_counts: {} });
    expect(await bytesOf(chainId)).toEqual(log);
  });

  it('to a chain that is being verified is ingested, and its verdict waits for that', async () => {
    const log = await sample('arbiter/valid.jsonl');
    const cut = log.indexOf(0x0a, 50_000) + 1;
    const { chainId } = await append('verified', log.subarray(0, cut), at(0));
    await closeTail(installation.ctx, { chainId, actor: testActor() });
    await installation.settled(chainId);
    await installation.ctx.db.updateTable('chains').set({ verdict: 'pending' }).where('id', '=', chainId).execute();
    expect(await append('verified', log.subarray(cut), at(cut))).toMatchObject({
      verdict: 'pending',
      offset: log.length,
    });
  });

  it('is compared with an upload of the same log, and the upload with it', async () => {
    const log = await sample('occasio/valid.jsonl');
    const cut = log.indexOf(0x0a, 50_000) + 1;
    const { chainId } = await append('both ways', log.subarray(0, cut), at(0));
    const upload = await ingestUpload(installation.ctx, {
      fileName: 'x.jsonl',
      chain: 'both ways',
      body: (async function* () {
        yield log;
      })(),
      actor: testActor(),
    });
    expect(upload).toMatchObject({ chainId, relation: 'extends' });
    await installation.settled(chainId);
    await expect(append('both ways', log.subarray(0, 100), at(cut))).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { offset: log.length },
    });
    expect(await chainRow(chainId)).toMatchObject({ verdict: 'verified', records: upload.records });
  });
});

describe('closing', () => {
  it('never fails for what is open: a line too long for a record, let in by an older version, is told and its bytes are kept', async () => {
    const { ctx } = installation;
    const chain = 'let in';
    const lines = (await sample('occasio/valid.jsonl')).toString().split('\n').slice(0, 3);
    const { chainId, offset } = await append(chain, Buffer.from(`${lines[0]}\n`), at(0));
    const hole = Buffer.concat([Buffer.alloc(20 * 1024 * 1024), Buffer.from(`${lines[1]}\n${lines[2]}\n`)]);
    await ctx.db
      .insertInto('tail_pieces')
      .values({
        chain_id: chainId,
        byte_offset: offset,
        bytes: hole,
        sha256: createHash('sha256').update(hole).digest(),
        seal: null,
      })
      .execute();
    await ctx.db
      .updateTable('tails')
      .set({
        size_bytes: offset + hole.length,
        complete_bytes: offset + hole.length,
        version: 99,
        seal_key: null,
        seal: null,
      })
      .where('chain_id', '=', chainId)
      .execute();
    await closeTail(ctx, { chainId, actor: testActor() });
    await installation.settled(chainId);
    expect((await bytesOf(chainId)).equals(Buffer.concat([Buffer.from(`${lines[0]}\n`), hole]))).toBe(true);
    expect(await chainRow(chainId)).toMatchObject({ records: 2, verdict: 'corrupt' });
    expect(
      await ctx.db
        .selectFrom('segment_problems')
        .select(['code', 'byte_offset', 'message'])
        .where('digest', 'in', (eb) => eb.selectFrom('chain_segments').select('digest').where('chain_id', '=', chainId))
        .execute(),
    ).toContainEqual({
      code: 'not-a-record',
      byte_offset: offset,
      message: expect.stringContaining('no record is longer'),
    });
  });
});

describe('a sealed chain', () => {
  it('takes nothing in any more, whatever was under way, and holds everything accepted before', async () => {
    const lines = (await sample('arbiter/valid.jsonl')).toString().split(/(?<=\n)/);
    const part = (from: number) => Buffer.from(lines.slice(from, from + 5).join(''));
    const { chainId } = await append('sealed', part(0), at(0));
    const sealing = sealChain(installation.ctx, { chainId, actor: testActor() });
    const racing = await Promise.allSettled(
      [5, 10, 15, 20].map((from) => append('sealed', part(from), { kind: 'lines' })),
    );
    const sealed = await sealing;
    await expect(append('sealed', part(100), { kind: 'lines' })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { sealedAt: sealed.sealedAt },
    });
    await expect(
      ingestUpload(installation.ctx, {
        fileName: 'x',
        chain: 'sealed',
        body: (async function* () {
          yield Buffer.from(lines.join(''));
        })(),
        actor: testActor(),
      }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    await installation.settled(chainId);
    const taken = racing.filter(({ status }) => status === 'fulfilled').length;
    expect(await bytesOf(chainId)).toEqual(Buffer.from(lines.slice(0, 5 + 5 * taken).join('')));
    expect(await chainRow(chainId)).toMatchObject({ verdict: 'verified', records: 5 + 5 * taken });
    expect(await sealChain(installation.ctx, { chainId, actor: testActor('another') })).toMatchObject({
      sealedAt: sealed.sealedAt,
      sealedBy: 'test',
      records: 5 + 5 * taken,
    });
  });
});
