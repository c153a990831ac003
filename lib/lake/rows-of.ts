import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { FormatId } from '../core/chain/format';
import type { ProblemCode, ProblemCounts } from '../core/chain/problem';
import type { segmentsOf } from '../db/chains';
import { problemsOf } from '../db/problems';
import { type Loaded, loaded } from './insert-rows';
import { OPEN_SEGMENT } from './open-segment';
import { type RowsOf, createRowReader } from './row-reader';
import { updateWorst } from './worst-by-record';

export type Segment = Awaited<ReturnType<typeof segmentsOf>>[number];
export type ChainOfRows = { id: string; format: FormatId; problem_counts: ProblemCounts };
/** A place between two records of a chain. */
export type Position = { bytes: number; records: number; lines: number };

const PROBLEMS_PAGE = 10_000;
/** Rows, and bytes of their lines, that are one INSERT: of long lines it takes few. */
const BATCH_ROWS = 8_000;
const BATCH_BYTES = 32 * 1024 * 1024;

/** What rows of a closed segment are made of. */
export function segmentRows(chain: ChainOfRows, segment: Segment, integrity: ReadonlyMap<number, ProblemCode>): RowsOf {
  return {
    chainId: chain.id,
    format: chain.format,
    segment: { index: segment.index, digest: segment.digest },
    before: { bytes: segment.byte_offset, records: segment.first_record, lines: segment.first_line },
    integrity,
    // A record without a hash that is no problem of its own is proven by nothing all the same.
    unhashed: chain.problem_counts['no-chain'] ? 'no-chain' : 'legacy-prefix',
  };
}

/** Bytes of a closed segment, as a part, every byte of which is proven before it is given: a row in the lake is shown from the moment it is there. */
export function provenBytes(ctx: Context, segment: Segment): ReturnType<Context['evidence']['read']> {
  return ctx.evidence.read(segment.digest, { from: 0, to: segment.size_bytes });
}

/** The rows of a closed segment, in order, as they are inserted together. */
export async function* rowsOfSegment(
  ctx: Context,
  chain: ChainOfRows,
  segment: Segment,
  integrity: ReadonlyMap<number, ProblemCode>,
): AsyncGenerator<Loaded[], void, undefined> {
  yield* batches(ctx, segmentRows(chain, segment, integrity), await provenBytes(ctx, segment));
}

/** The rows of `bytes` of the open segment, which are whole lines that begin at `from`, in the same way. */
export async function* rowsOfTail(
  ctx: Pick<Context, 'hasher'>,
  chain: Pick<ChainOfRows, 'id' | 'format'>,
  from: Position,
  bytes: Buffer,
  integrity: ReadonlyMap<number, ProblemCode>,
): AsyncGenerator<Loaded[], void, undefined> {
  yield* batches(
    ctx,
    { chainId: chain.id, format: chain.format, segment: OPEN_SEGMENT, before: from, integrity, unhashed: 'no-chain' },
    [bytes],
  );
}

async function* batches(
  { hasher }: Pick<Context, 'hasher'>,
  of: RowsOf,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Loaded[], void, undefined> {
  let full: Loaded[][] = [];
  const batch = createBatch();
  const reader = createRowReader(of, hasher, (row, bytes) => {
    batch.add(loaded(row, bytes));
    if (batch.isFull()) full.push(batch.take());
  });
  for await (const chunk of chunks) {
    reader.push(chunk);
    yield* full;
    full = [];
  }
  reader.end();
  yield* full;
  yield batch.take();
}

function createBatch() {
  let rows: Loaded[] = [];
  let bytes = 0;
  return {
    add(row: Loaded) {
      rows.push(row);
      bytes += row.row.byteLength;
    },
    isFull: () => rows.length >= BATCH_ROWS || bytes >= BATCH_BYTES,
    /** What is in it, which may be nothing; it is empty after. */
    take() {
      const batch = rows;
      rows = [];
      bytes = 0;
      return batch;
    },
  };
}

/** The worst problem at each record of a chain that has one. */
export async function worstOfChain(ctx: Context, chainId: string): Promise<Map<number, ProblemCode>> {
  const worst = new Map<number, ProblemCode>();
  for (let after: { byteOffset: number; n: number } | undefined; ; ) {
    const problems = await problemsOf(ctx.db, chainId, { after, limit: PROBLEMS_PAGE });
    updateWorst(worst, problems);
    const last = problems.at(-1);
    if (!last || problems.length < PROBLEMS_PAGE) return worst;
    after = { byteOffset: last.byteOffset, n: last.n };
  }
}

/** Of one open segment as many problems are asked for at most. */
const MOST_PROBLEMS = 100_000;

/** The worst problem at each record of an open segment, from `from` on, that has one. */
export async function worstOfTail(ctx: Context, chainId: string, from: number): Promise<Map<number, ProblemCode>> {
  return (await worstOfTails(ctx, [{ chainId, from }])).get(chainId) ?? new Map();
}

/** The same of several chains, in one statement; one without any is left out. */
export async function worstOfTails(
  { db }: Context,
  tails: readonly { chainId: string; from: number }[],
): Promise<Map<string, Map<number, ProblemCode>>> {
  const { rows } = await sql<{ chain_id: string; record: number; code: ProblemCode }>`
    SELECT w.chain_id, p.record, p.code
    FROM unnest(${tails.map(({ chainId }) => chainId)}::uuid[], ${tails.map(({ from }) => from)}::bigint[]) AS w (chain_id, from_record)
      CROSS JOIN LATERAL (
        SELECT record, code FROM tail_problems WHERE chain_id = w.chain_id AND record >= w.from_record LIMIT ${MOST_PROBLEMS}
      ) AS p`.execute(db);
  const found = new Map<string, Map<number, ProblemCode>>();
  for (const [chainId, problems] of Map.groupBy(rows, (row) => row.chain_id)) {
    const worst = new Map<number, ProblemCode>();
    updateWorst(worst, problems);
    found.set(chainId, worst);
  }
  return found;
}
