import 'server-only';
import { actorKey } from '../../access/actor';
import * as audit from '../../audit/append';
import { endOfLine } from '../../core/bytes/newline';
import { RECOGNITION_BYTES } from '../../core/bytes/limits';
import { firstLines } from '../../core/bytes/first-lines';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { FORMATS, recogniseFormat } from '../../core/formats';
import { chainNamed } from '../../db/chains';
import type { Tx } from '../../db/database';
import { type GrownTail, growingChains, lockFree, writeTails } from '../../db/tails';
import type { AppendReceipt } from '../../schemas/appends';
import { requireSameFormat, requireLog } from '../refusals';
import { type TailMemory, openTail, remember } from './open-tail';
import { type AppendRequest, MAX_WAITING_BYTES } from './request';
import { type GrowingTail, ingestAppend } from './take';

/** Bytes and requests of one transaction. */
const BATCH_BYTES = 32 * 1024 * 1024;
const BATCH_REQUESTS = 250;
/** Appends that wait at most. */
const MAX_WAITING = 20_000;
/** A chain that is locked elsewhere is tried again after this. */
const LOCKED_ELSEWHERE_MS = 5;
const MAX_STORED_PROBLEMS = 10_000;

type Waiting = { request: AppendRequest; resolve(receipt: AppendReceipt): void; reject(error: unknown): void };
export type Committer = { append(request: AppendRequest): Promise<AppendReceipt> };
type Outcome = { receipt: AppendReceipt } | { error: unknown };

/**
 * Takes appends of this process in and makes them durable together: whatever waits when a transaction ends shares the next one, and its
 * sync to disk. Chains are locked in the database, so that other processes and hosts may append to them as well. They come by the thousand a
 * second, so an action is not each of them: it is that somebody begins to append, once since nothing of the chain was open. That its bytes became a
 * segment is another one, which names the digest and everybody who appended.
 */
export function createCommitter(ctx: Context): Committer {
  const memory: TailMemory = new Map();
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    try {
      while (waiting.length > 0) {
        const batch = nextBatch();
        const locked = await settle(batch);
        if (!locked) await new Promise((resolve) => setTimeout(resolve, LOCKED_ELSEWHERE_MS));
      }
    } finally {
      isRunning = false;
    }
  }

  /** The first append of each chain that waits, then the second of each: a chain that is sent much to does not keep others waiting. */
  function nextBatch(): Waiting[] {
    const turns = new Map<string, number>();
    const inTurn = waiting.map((item) => {
      const turn = turns.get(item.request.chain) ?? 0;
      turns.set(item.request.chain, turn + 1);
      return { item, turn };
    });
    let bytes = 0;
    const batch = new Set<Waiting>();
    for (const { item } of inTurn.toSorted((a, b) => a.turn - b.turn)) {
      if (batch.size >= BATCH_REQUESTS || (batch.size > 0 && bytes >= BATCH_BYTES)) break;
      bytes += item.request.bytes.length;
      batch.add(item);
    }
    waiting = waiting.filter((item) => !batch.has(item));
    return [...batch];
  }

  /** Answers the batch, but for what has to wait for a lock. False when all of it has to. */
  async function settle(batch: readonly Waiting[]): Promise<boolean> {
    try {
      await requireRoom(
        ctx,
        batch.reduce((sum, { request }) => sum + request.bytes.length, 0),
      );
      const startedMs = performance.now();
      const { outcomes, grown } = await commit(
        ctx,
        memory,
        batch.map(({ request }) => request),
      );
      if (grown.length > 0)
        ctx.meter.committed(
          (performance.now() - startedMs) / 1000,
          outcomes.filter((outcome) => outcome && 'receipt' in outcome).length,
        );
      for (const { chainId, version, check, pending } of grown) remember(memory, chainId, { version, check, pending });
      const again: Waiting[] = [];
      for (const [index, item] of batch.entries()) {
        const outcome = outcomes[index];
        if (!outcome) again.push(item);
        else answer(item, outcome);
      }
      waiting = [...again, ...waiting];
      return again.length < batch.length;
    } catch (error) {
      const failure = isFull(error)
        ? new AppError(
            'STORAGE_FULL',
            'the database has no room left; nothing of this append was kept',
            {},
            { cause: error },
          )
        : error;
      for (const item of batch) answer(item, { error: failure });
      return true;
    }
  }

  function answer({ request, resolve, reject }: Waiting, outcome: Outcome): void {
    waitingBytes -= request.bytes.length;
    if ('receipt' in outcome) resolve(outcome.receipt);
    else reject(outcome.error);
  }

  return {
    append(request) {
      if (
        (waitingBytes + request.bytes.length > MAX_WAITING_BYTES && waitingBytes > 0) ||
        waiting.length >= MAX_WAITING
      )
        return Promise.reject(
          new AppError('BUSY', 'more is being appended than can be made durable; send it again', { waitingBytes }),
        );
      waitingBytes += request.bytes.length;
      return new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        if (!isRunning) void run();
      });
    },
  };
}

type Committed = { outcomes: (Outcome | null)[]; grown: (GrownTail & { pending: Buffer })[] };

/** One transaction over many appends. An outcome is null for a chain that is locked elsewhere. */
async function commit(ctx: Context, memory: TailMemory, requests: readonly AppendRequest[]): Promise<Committed> {
  return ctx.db.transaction().execute(async (tx) => {
    const free = await lockFree(tx, [...new Set(requests.map(({ chain }) => chain))].toSorted());
    const known = free.size > 0 ? await growingChains(tx, [...free]) : [];
    const versions = new Map(known.map(({ id, version }) => [id, version ?? 0]));
    const tails = new Map<string, GrowingTail>();
    const begun = new Set<string>();
    const keyed: { chain_id: string; key: string; body_sha256: string; receipt: string; received_at: Date }[] = [];
    const now = ctx.now();

    async function take(request: AppendRequest): Promise<AppendReceipt> {
      const chain = known.find(({ name }) => name === request.chain);
      if (chain && request.format) requireSameFormat(chain, request.format);
      const tail =
        tails.get(request.chain) ?? (chain ? await openTail(ctx, tx, chain, memory) : await begin(ctx, tx, request));
      tails.set(request.chain, tail);
      if (!chain) begun.add(tail.chainId);
      const { idempotency } = request;
      const before = idempotency && (await repeated(tx, keyed, tail.chainId, idempotency));
      if (before) return before;
      const receipt = await ingestAppend(ctx, tail, request);
      if (idempotency)
        keyed.push({
          chain_id: tail.chainId,
          key: idempotency.key,
          body_sha256: idempotency.bodySha256,
          receipt: JSON.stringify(receipt),
          received_at: now,
        });
      return receipt;
    }

    const outcomes: (Outcome | null)[] = [];
    for (const request of requests) outcomes.push(free.has(request.chain) ? await attempt(() => take(request)) : null);

    const grown = [...tails.values()]
      .filter(({ pieces }) => pieces.length > 0)
      .map((tail) => ({
        chainId: tail.chainId,
        version: (versions.get(tail.chainId) ?? 0) + 1,
        closed: tail.closed,
        sizeBytes: tail.state.sizeBytes,
        completeBytes: tail.state.completeBytes,
        check: tail.state.check,
        pending: tail.state.pending,
        openedAt: tail.openedAt,
        appendedBy: tail.appendedBy && { name: tail.appendedBy.name, key: actorKey(tail.appendedBy) },
        appenders: tail.appenders,
        lagBytes: tail.lagBytes,
        isSealed: tail.isSealed,
        pieces: coalesced(tail.pieces),
        verdict: tail.verdict,
        problemCounts: tail.problemCounts,
      }));
    for (const { chainId } of grown) begun.delete(chainId);
    if (begun.size > 0)
      await tx
        .deleteFrom('chains')
        .where('id', 'in', [...begun])
        .execute(); // nothing was taken in: there is no such chain
    if (grown.length > 0) {
      await writeTails({ db: tx, seals: ctx.seals }, grown, now);
      await writeProblems(tx, [...tails.values()]);
      await audit.appendAll(
        tx,
        [...tails.values()].flatMap(({ chainId, begunBy }) =>
          begunBy.map(({ actor, atByte }) => ({
            actor,
            action: 'chain.append' as const,
            subjectId: chainId,
            details: { atByte },
          })),
        ),
      );
    }
    if (keyed.length > 0) await tx.insertInto('append_keys').values(keyed).execute();
    return { outcomes, grown };
  });
}

/** What an append cannot do is its own answer; what the database cannot do is everybody's. */
async function attempt(take: () => Promise<AppendReceipt>): Promise<Outcome> {
  try {
    return { receipt: await take() };
  } catch (error) {
    if (error instanceof AppError) return { error };
    throw error;
  }
}

/** The first append to a chain makes it. @throws AppError UNKNOWN_FORMAT. */
async function begin(
  ctx: Context,
  tx: Tx,
  { chain: name, bytes, format: requested }: AppendRequest,
): Promise<GrowingTail> {
  requireLog(bytes);
  const format =
    requested ?? recogniseFormat(firstLines(bytes.subarray(0, RECOGNITION_BYTES), bytes.length <= RECOGNITION_BYTES));
  if (!format) {
    const names = FORMATS.map(({ label }) => label).join(', ');
    const why =
      endOfLine(bytes) === 0
        ? `the first append to a chain is told by its first line, and these ${bytes.length} bytes hold no newline: send whole lines, or name the format with ?format= (${FORMATS.map(({ id }) => id).join(', ')})`
        : `the first lines look like none of the formats known here: ${names}. Name it with ?format= if it is one of them`;
    throw new AppError('UNKNOWN_FORMAT', why, { line: 1, byteOffset: 0 });
  }
  const { id } = await chainNamed(tx, name, format);
  const [chain] = await growingChains(tx, [name]);
  if (!chain) throw new Error(`chain ${id} was made just now`);
  return openTail(ctx, tx, chain, new Map());
}

/** The answer an append with this key had. @throws AppError KEY_REUSED. */
async function repeated(
  tx: Tx,
  keyed: readonly { chain_id: string; key: string; body_sha256: string; receipt: string }[],
  chainId: string,
  { key, bodySha256 }: { key: string; bodySha256: string },
): Promise<AppendReceipt | null> {
  const now = keyed.find((one) => one.chain_id === chainId && one.key === key);
  const before =
    now ??
    (await tx
      .selectFrom('append_keys')
      .selectAll()
      .where('chain_id', '=', chainId)
      .where('key', '=', key)
      .executeTakeFirst());
  if (!before) return null;
  if (before.body_sha256 !== bodySha256)
    throw new AppError('KEY_REUSED', 'this Idempotency-Key came with another body before', { key });
  return typeof before.receipt === 'string' ? (JSON.parse(before.receipt) as AppendReceipt) : before.receipt; // written by us a moment ago
}

/** Pieces of one transaction as few rows; each at most 8 MiB, so that reading one back takes little memory. */
function coalesced(pieces: readonly { byteOffset: number; bytes: Buffer }[]): { byteOffset: number; bytes: Buffer }[] {
  const whole = pieces.length === 1 && pieces[0] ? pieces[0].bytes : Buffer.concat(pieces.map(({ bytes }) => bytes));
  const start = pieces[0]?.byteOffset ?? 0;
  const rows = [];
  for (let at = 0; at < whole.length; at += 8 * 1024 * 1024)
    rows.push({ byteOffset: start + at, bytes: whole.subarray(at, at + 8 * 1024 * 1024) });
  return rows;
}

async function writeProblems(tx: Tx, tails: readonly GrowingTail[]): Promise<void> {
  const rows = tails.flatMap(({ chainId, problems }) =>
    problems.slice(0, MAX_STORED_PROBLEMS).map(({ byteOffset, byteLength, ...problem }) => ({
      chain_id: chainId,
      ...problem,
      byte_offset: byteOffset,
      byte_length: byteLength,
    })),
  );
  for (let at = 0; at < rows.length; at += 1000)
    await tx
      .insertInto('tail_problems')
      .values(rows.slice(at, at + 1000))
      .execute();
}

let room = { atMs: -Infinity, bytes: Infinity };
/** A byte of an append is written to the database's journal, to its table, and to evidence when the segment is closed. */
const WRITTEN_TIMES = 3;

/** @throws AppError STORAGE_FULL. Asked once a second: the disk of this host, where an embedded database lies that could not go on without room. */
async function requireRoom(ctx: Context, bytes: number): Promise<void> {
  if (performance.now() - room.atMs > 1000)
    room = { atMs: performance.now(), bytes: await ctx.freeBytes(ctx.env.dataDir) };
  room.bytes -= WRITTEN_TIMES * bytes;
  if (room.bytes < ctx.env.reserveBytes)
    throw new AppError(
      'STORAGE_FULL',
      `only ${Math.max(0, Math.round(room.bytes / 1024 / 1024))} MiB are left on the disk; nothing of this append was kept`,
      { reserveBytes: ctx.env.reserveBytes },
    );
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '53100' || error.code === 'ENOSPC');
}
