import 'server-only';
import { type Actor, actorKey } from '../../access/actor';
import { countNewlines } from '../../core/bytes/newline';
import { firstLines } from '../../core/bytes/first-lines';
import type { Context } from '../../context';
import type { KnownFormat } from '../../core/chain/format';
import { liveVerdict } from '../../core/chain/live-verdict';
import type { Problem, ProblemCounts } from '../../core/chain/problem';
import type { StoredVerdict } from '../../core/chain/verdict';
import { AppError } from '../../core/errors';
import type { Position } from '../../db/tails';
import type { AppendReceipt } from '../../schemas/appends';
import { firstRecord } from '../edge-records';
import { requireUnsealed } from '../refusals';
import { overlapBytes } from './overlap';
import { type AppendRequest, HOLD_MS, MAX_OPEN_BYTES, OVERLAP_BYTES, MAX_ANSWERED_PROBLEMS } from './request';
import { type TailState, grow } from './state';

/** A chain under its lock, while appends are taken in one after another. */
export type GrowingTail = {
  chainId: string;
  name: string;
  format: KnownFormat;
  sealedAt: Date | null;
  closed: Position;
  openedAt: Date | null;
  state: TailState;
  verdict: StoredVerdict;
  /** Bytes it has stored are gone or altered: its verdict is not answered. */
  isDamaged: boolean;
  problemCounts: ProblemCounts;
  appendedBy: Actor | null;
  /** Ids of everybody who has appended since nothing was open. */
  appenders: readonly string[];
  /** Of those, who began to since it was locked, and at which byte of the chain. */
  begunBy: { actor: Actor; atByte: number }[];
  lagBytes: number | null;
  /** All that is open is under our seals. */
  isSealed: boolean;
  /** Taken in since it was locked. */
  pieces: { byteOffset: number; bytes: Buffer }[];
  problems: Problem[];
  /** The last bytes of the chain as it was when it was locked. */
  ending(maxBytes: number): Promise<Buffer>;
};

/** Since when lines wait for their predecessor, by chain and first hash, and the head they did not follow when they were looked at. */
const held = new Map<string, { sinceMs: number; head: string }>();
const MAX_HELD = 10_000;

/**
 * Takes one append into the chain, in memory: the caller makes it durable before it answers.
 * @throws AppError CONFLICT, BUSY, TOO_LARGE; the tail is then as it was.
 */
export async function ingestAppend(ctx: Context, tail: GrowingTail, request: AppendRequest): Promise<AppendReceipt> {
  requireUnsealed(tail.sealedAt, where(tail));
  if (tail.state.sizeBytes - tail.closed.bytes + request.bytes.length > MAX_OPEN_BYTES)
    throw new AppError('BUSY', 'the worker has not come to close the open segment of this chain; wait for it', {
      ...where(tail),
    });
  const duplicateBytes = await duplicateBytesOf(ctx, tail, request);
  const fresh = request.bytes.subarray(duplicateBytes);
  const { state, records, problems } = await grow(tail.format, ctx.hasher, tail.state, fresh);
  if (fresh.length > 0) {
    tail.pieces.push({ byteOffset: tail.state.sizeBytes, bytes: fresh });
    tail.openedAt ??= ctx.now();
    recordAppender(tail, request.actor);
    tail.lagBytes = request.lagBytes ?? null;
    tail.state = state;
    tail.problems.push(...problems);
    growVerdict(tail);
  }
  return {
    chainId: tail.chainId,
    chain: tail.name,
    format: tail.format.id,
    accepted: records,
    duplicates: countNewlines(request.bytes.subarray(0, duplicateBytes)),
    offset: state.sizeBytes,
    pendingBytes: state.sizeBytes - state.completeBytes,
    records: state.check.records,
    head: state.check.last?.hash ?? null,
    verdict: tail.isDamaged ? 'damaged' : tail.verdict,
    problems: problems.slice(0, MAX_ANSWERED_PROBLEMS),
  };
}

/** Who appends for the first time since nothing was open begins an action; what more they send is part of it. */
function recordAppender(tail: GrowingTail, actor: Actor): void {
  tail.appendedBy = actor;
  if (tail.appenders.includes(actorKey(actor))) return;
  tail.appenders = [...tail.appenders, actorKey(actor)];
  tail.begunBy.push({ actor, atByte: tail.state.sizeBytes });
}

/** While closed segments wait for their join, what the witness says of them is not known: the chain stays pending until then. */
function growVerdict(tail: GrowingTail): void {
  const { verdict, problemCounts } = liveVerdict(tail.format, tail.state.check, tail.problemCounts);
  tail.problemCounts = problemCounts;
  if (tail.verdict !== 'pending' || tail.closed.bytes === 0) tail.verdict = verdict;
}

/** Whether the append fits where the sender takes the chain to end, and how many of its first bytes are there already. */
async function duplicateBytesOf(
  ctx: Context,
  tail: GrowingTail,
  { bytes, precondition }: AppendRequest,
): Promise<number> {
  const { state, format } = tail;
  const head = state.check.last?.hash ?? null;
  switch (precondition.kind) {
    case 'offset':
      if (precondition.offset !== state.sizeBytes)
        throw new AppError(
          'CONFLICT',
          `the chain ends at byte ${state.sizeBytes}, not at ${precondition.offset}`,
          where(tail),
        );
      return 0;
    case 'prev':
      if (state.pending.length > 0)
        throw new AppError(
          'CONFLICT',
          `the last line of the chain, from byte ${state.completeBytes} on, waits for its newline: no record can follow it`,
          where(tail),
        );
      if (precondition.hash !== (head ?? format.genesis))
        throw new AppError(
          'CONFLICT',
          `the chain ends in ${head ?? 'no record yet'}, not in ${precondition.hash}`,
          where(tail),
        );
      return 0;
    case 'lines': {
      if (state.sizeBytes === 0) return 0;
      const first = firstRecord(format, ctx.hasher, firstLines(bytes.subarray(0, OVERLAP_BYTES), true).slice(0, 1));
      if (first && first.prev !== null && first.prev === head) return 0;
      const isLinked = first && first.hash !== null && first.prev !== null && first.prev !== format.genesis;
      const key = isLinked && head !== null ? `${tail.chainId} ${first.hash}` : null;
      // Nothing came since they were looked for in what is stored: reading it again would find as little.
      if (key !== null && head !== null && held.get(key)?.head === head && waits(ctx, key, head)) throw tooEarly(tail);
      const overlap = overlapBytes(
        Buffer.concat([await tail.ending(OVERLAP_BYTES), ...tail.pieces.map((piece) => piece.bytes)]),
        bytes,
      );
      if (overlap !== null) return overlap;
      if (key !== null && head !== null && waits(ctx, key, head)) throw tooEarly(tail);
      return 0;
    }
  }
}

/** Deliveries overtake one another: what comes too early is refused until its predecessor had time to come. */
function waits(ctx: Context, key: string, head: string): boolean {
  const nowMs = ctx.now().getTime();
  const sinceMs = held.get(key)?.sinceMs ?? nowMs;
  if (nowMs - sinceMs >= HOLD_MS) {
    held.delete(key);
    return false;
  }
  if (held.size >= MAX_HELD) held.delete(held.keys().next().value ?? '');
  held.set(key, { sinceMs, head });
  return true;
}

function tooEarly(tail: GrowingTail): AppError {
  return new AppError(
    'BUSY',
    'the record before the first of these lines has not come yet; send them again',
    where(tail),
  );
}

/** Where the chain ends: what a sender needs to go on. */
function where({ state }: GrowingTail): Record<string, string | number> {
  const head = state.check.last?.hash;
  return { offset: state.sizeBytes, ...(head && { head }) };
}
