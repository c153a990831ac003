import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sql } from 'kysely';
import { openExcerpt } from '../attest/excerpt';
import { publishLog } from '../attest/log/publish-log';
import { requestChainAttestation } from '../attest/requests/request-attestation';
import { proveRecord } from '../attest/tree/prove-record';
import { evidenceObjects } from '../db/evidence-objects';
import { AppError } from '../core/errors';
import { fsck } from '../fsck/fsck';
import { appendRecords } from '../ingest/append-records';
import { createRandom } from '../ingest/sample/random';
import { ingestUpload } from '../ingest/upload';
import { loadTail } from '../lake/load-tail';
import { openPackage } from '../package/open-package';
import { requestPackage, getPackage } from '../package/packages';
import { openChainBytes } from '../chains/chain-bytes';
import { openSegment } from '../chains/segment-bytes';
import { testActor } from '../testing/actor';
import { writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { readObject } from '../evidence/store';

const FLIPS = 1_000;
const SEED = 20261128;

let installation: TestInstallation;
let chainId: string;
let growing: string;
let packageId: string;
let excerptOf: string;
let lines: string[];
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  const record = (note: string) => ({ tool: 'bash', decision: 'allow' as const, note });
  // Larger than what is read at once, so that its parts are held against a list of blocks.
  lines = writers(ctx.hasher).occasio.write(
    Array.from({ length: 2_400 }, (_, index) => record(`${index} ${'y'.repeat(400)}`)),
  );
  ({ chainId } = await ingestUpload(ctx, {
    fileName: 'a.jsonl',
    chain: 'closed',
    body: once(Buffer.from(`${lines.join('\n')}\n`)),
    actor: testActor(),
  }));
  await installation.settled(chainId);
  const open = writers(ctx.hasher).occasio.write(Array.from({ length: 60 }, (_, index) => record(`open ${index}`)));
  for (let at = 0; at < open.length; at += 10)
    ({ chainId: growing } = await appendRecords(ctx, {
      chain: 'growing',
      bytes: Buffer.from(`${open.slice(at, at + 10).join('\n')}\n`),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    }));
  await loadTail(ctx, { chainId: growing });
  await vi.waitUntil(
    async () =>
      (
        await ctx.db
          .selectFrom('chains')
          .select(({ eb }) => eb('detected_generation', '=', eb.ref('generation')).as('done'))
          .where('id', '=', chainId)
          .executeTakeFirstOrThrow()
      ).done,
    { timeout: 60_000 },
  );
  const { attestation } = await requestChainAttestation(ctx, {
    chainId,
    scope: { kind: 'range', first: 100, last: 1_900 },
    actor: testActor(),
  });
  excerptOf = attestation?.id ?? '';
  ({ id: packageId } = await requestPackage(ctx, { of: { kind: 'chain', chainId }, actor: testActor() }));
  await vi.waitUntil(async () => (await getPackage(ctx, { packageId })).state === 'done', { timeout: 60_000 });
  await publishLog(ctx);
  await ctx.queue.stop(10_000);
}, 240_000);
afterAll(() => installation.stop(), 60_000);

function once(bytes: Buffer) {
  return (async function* () {
    yield bytes;
  })();
}
const fileOf = (digest: string) =>
  path.join(fileURLToPath(installation.ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest);
const drained = async ({ stream }: { stream: ReadableStream<Uint8Array> }) =>
  Buffer.from(await new Response(stream).arrayBuffer());
const random = createRandom(SEED);
const below = (limit: number) => random.int(0, limit - 1);

/** What was answered, or the code of why nothing was. */
async function outcome(read: () => Promise<Buffer>): Promise<{ bytes: Buffer } | { code: string }> {
  try {
    return { bytes: await read() };
  } catch (error) {
    return { code: error instanceof AppError ? error.code : String(error) };
  }
}

it(`of ${FLIPS} single bits flipped in what is stored each is told by whatever reads it, and nothing altered is answered, signed, proven or packed as good`, {
  timeout: 240_000,
}, async () => {
  const { ctx } = installation;
  const objects = (await evidenceObjects(ctx.db, '', 10_000)).map(({ digest }) => digest);
  const originals = new Map(
    await Promise.all(objects.map(async (digest) => [digest, await readFile(fileOf(digest))] as const)),
  );
  const genuine = {
    chain: await drained(await openChainBytes(ctx, { chainId })),
    pack: await drained(await openPackage(ctx, { packageId })),
    excerpt: await drained(await openExcerpt(ctx, { attestationId: excerptOf })),
  };
  const { segments, entries } = {
    segments: (await ctx.db.selectFrom('chain_segments').select('digest').execute()).map(({ digest }) => digest),
    entries: (
      await ctx.db.selectFrom('packages').select('entries').where('id', '=', packageId).executeTakeFirstOrThrow()
    ).entries.map(({ digest }) => digest),
  };
  const wrong: string[] = [];
  /** What of this must be told, and what may be answered: nothing but the genuine bytes. */
  const hold = async (what: string, mustTell: boolean, good: Buffer, read: () => Promise<Buffer>) => {
    const answer = await outcome(read);
    if ('code' in answer ? answer.code !== 'EVIDENCE_ALTERED' : mustTell || !answer.bytes.equals(good))
      wrong.push(`${what}: ${'code' in answer ? answer.code : 'answered'}`);
  };
  let served = 0;
  for (let flip = 0; flip < FLIPS; flip += 1) {
    const isServed = flip % 20 === 0;
    const digest = (flip % 40 === 0 ? segments[0] : objects[below(objects.length)]) ?? '';
    const [isSegment, isPacked] = [segments.includes(digest), entries.includes(digest)];
    const original = originals.get(digest) ?? Buffer.alloc(0);
    const at = below(original.length);
    const altered = Buffer.from(original);
    altered.writeUInt8(altered.readUInt8(at) ^ (1 << below(8)), at);
    await chmod(fileOf(digest), 0o600);
    await writeFile(fileOf(digest), altered);
    const name = `bit of byte ${at} of ${digest}`;

    await hold(`${name}, whole`, true, original, () => readObject(ctx.evidence, digest));
    await hold(`${name}, a part`, true, original, () =>
      readObject(ctx.evidence, digest, { from: Math.max(0, at - below(50)), to: at + 1 + below(50) }),
    );
    if (isServed) {
      await hold(`${name}, chain`, isSegment, genuine.chain, async () =>
        drained(await openChainBytes(ctx, { chainId })),
      );
      await hold(`${name}, segment`, isSegment, genuine.chain, async () =>
        drained(await openSegment(ctx, { digest: segments[0] ?? '' })),
      );
      await hold(`${name}, package`, isPacked, genuine.pack, async () =>
        drained(await openPackage(ctx, { packageId })),
      );
      await hold(`${name}, excerpt`, false, genuine.excerpt, async () =>
        drained(await openExcerpt(ctx, { attestationId: excerptOf })),
      );
      const ordinal = below(2_000);
      await hold(`${name}, proof of ${ordinal}`, false, Buffer.from(lines[ordinal] ?? ''), async () =>
        Buffer.from((await proveRecord(ctx, { chainId, ordinal })).proof.record.line),
      );
      const before = await countSigned();
      await hold(`${name}, signing`, isSegment, Buffer.from('signed'), async () =>
        Buffer.from(
          (await requestChainAttestation(ctx, { chainId, scope: { kind: 'chain' }, actor: testActor() })).attestation
            ? 'signed'
            : 'waits',
        ),
      );
      if ((await countSigned()) - before !== (isSegment ? 0 : 1)) wrong.push(`${name}: another number of attestations`);
      served += 1;
    }
    await writeFile(fileOf(digest), original);
  }
  expect(wrong).toEqual([]);
  expect(served).toBe(FLIPS / 20);
  for (const digest of objects)
    expect((await readObject(ctx.evidence, digest)).equals(originals.get(digest) ?? Buffer.alloc(0))).toBe(true);
});

async function countSigned(): Promise<number> {
  return (await installation.ctx.db.selectFrom('attestations').select('id').execute()).length;
}

it('of 200 single bits flipped in what is open, in tiles of trees and of the log, and in signed heads, each is told', {
  timeout: 240_000,
}, async () => {
  const { ctx } = installation;
  const good = await drained(await openChainBytes(ctx, { chainId: growing }));
  const places: [table: string, column: string, section: 'chains' | 'trees' | 'log'][] = [
    ['tail_pieces', 'bytes', 'chains'],
    ['segment_trees', 'tiles', 'trees'],
    ['segment_trees', 'tail', 'trees'],
    ['log_entries', 'entry', 'log'],
    ['log_entries', 'leaf_hash', 'log'],
    ['log_checkpoints', 'root_hash', 'log'],
    ['chain_checkpoints', 'root_hash', 'log'],
  ];
  const unreported: string[] = [];
  for (let flip = 0; flip < 200; flip += 1) {
    const [table, column, section] = places[flip % places.length] ?? ['', '', 'log'];
    const [rows, bytes] = [sql.table(table), sql.ref(column)];
    const { rows: found } = await sql<{
      ctid: string;
      bits: number;
    }>`SELECT ctid::text AS ctid, octet_length(${bytes}) * 8 AS bits FROM ${rows} WHERE octet_length(${bytes}) > 0 ORDER BY md5(${bytes})`.execute(
      ctx.db,
    );
    const row = found[below(Math.max(1, found.length))];
    if (!row) throw new Error(`the installation has nothing in ${table}.${column}`);
    const bit = below(Number(row.bits));
    const turn = async (ctid: string) =>
      (
        await sql<{
          ctid: string;
        }>`UPDATE ${rows} SET ${bytes} = set_bit(${bytes}, ${bit}, 1 - get_bit(${bytes}, ${bit})) WHERE ctid = ${ctid}::tid RETURNING ctid::text AS ctid`.execute(
          ctx.db,
        )
      ).rows[0]?.ctid ?? '';
    const ctid = await turn(row.ctid);
    // What is open tells by itself whenever it is read; the others are read when they are examined.
    const isReported =
      table === 'tail_pieces'
        ? 'code' in (await outcome(async () => drained(await openChainBytes(ctx, { chainId: growing }))))
        : await differs(section);
    if (!isReported) unreported.push(`${table}.${column} bit ${bit}`);
    await turn(ctid);
  }
  expect(unreported).toEqual([]);
  expect((await drained(await openChainBytes(ctx, { chainId: growing }))).equals(good)).toBe(true);
  expect(await differs('chains')).toBe(false);
});

async function differs(section: 'chains' | 'trees' | 'log'): Promise<boolean> {
  const { drifts } = await fsck(installation.ctx, () => undefined, { only: [section] });
  return drifts > 0;
}
