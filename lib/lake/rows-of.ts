import 'server-only';
import type { Context } from '../context';
import type { FormatId } from '../core/chain/format';
import { recordsOf } from '../core/chain/line-records';
import { splitLines } from '../core/bytes/lines';
import type { ProblemCode, ProblemCounts } from '../core/chain/problem';
import { formatById } from '../core/formats';
import type { segmentsOf } from '../db/chains';
import { problemsOf } from '../db/problems';
import { eventRow } from './event-row';
import { type Loaded, loaded } from './insert-rows';
import { OPEN_SEGMENT } from './open-segment';
import { updateWorst } from './worst-by-record';

export type Segment = Awaited<ReturnType<typeof segmentsOf>>[number];
export type ChainOfRows = { id: string; format: FormatId; problem_counts: ProblemCounts };
/** A place between two records of a chain. */
export type Position = { bytes: number; records: number; lines: number };

const PROBLEMS_PAGE = 10_000;
/** Rows, and bytes of their lines, that are one INSERT: of long lines it takes few. */
const BATCH_ROWS = 8_000;
const BATCH_BYTES = 32 * 1024 * 1024;

/** The rows of a closed segment, in order, as they are inserted together. */
export async function* rowsOfSegment(
  ctx: Context,
  chain: ChainOfRows,
  segment: Segment,
  integrity: ReadonlyMap<number, ProblemCode>,
): AsyncGenerator<Loaded[], void, undefined> {
  const batch = createBatch();
  const format = formatById(chain.format);
  // A record without a hash that is no problem of its own is proven by nothing all the same.
  const unhashed: ProblemCode = chain.problem_counts['no-chain'] ? 'no-chain' : 'legacy-prefix';
  let ordinal = segment.first_record;
  // As a part, every byte of which is proven before it is given: a row in the lake is shown from the moment it is there.
  for await (const line of splitLines(await ctx.evidence.read(segment.digest, { from: 0, to: segment.size_bytes }))) {
    for (const { line: part, read } of line.tooLong ? [] : recordsOf(format, ctx.hasher, line)) {
      const place = {
        chainId: chain.id,
        segment,
        ordinal,
        line: segment.first_line + part.number,
        byteOffset: segment.byte_offset + part.byteOffset,
        byteLength: part.bytes.length,
      };
      batch.add(
        loaded(
          eventRow(
            format,
            part.bytes,
            read,
            place,
            integrity.get(ordinal) ?? (read.hash === null ? unhashed : undefined),
          ),
          part.bytes,
        ),
      );
      ordinal += 1;
    }
    if (batch.isFull()) yield batch.take();
  }
  yield batch.take();
}

/** The rows of `bytes` of the open segment, which are whole lines that begin at `from`, in the same way. */
export async function* rowsOfTail(
  ctx: Pick<Context, 'hasher'>,
  chain: Pick<ChainOfRows, 'id' | 'format'>,
  from: Position,
  bytes: Buffer,
  integrity: ReadonlyMap<number, ProblemCode>,
): AsyncGenerator<Loaded[], void, undefined> {
  const batch = createBatch();
  const format = formatById(chain.format);
  let ordinal = from.records;
  for await (const line of splitLines(once(bytes))) {
    for (const { line: part, read } of line.tooLong ? [] : recordsOf(format, ctx.hasher, line)) {
      const place = {
        chainId: chain.id,
        segment: OPEN_SEGMENT,
        ordinal,
        line: from.lines + part.number,
        byteOffset: from.bytes + part.byteOffset,
        byteLength: part.byteLength,
      };
      batch.add(
        loaded(
          eventRow(
            format,
            part.bytes,
            read,
            place,
            integrity.get(ordinal) ?? (read.hash === null ? 'no-chain' : undefined),
          ),
          part.bytes,
        ),
      );
      ordinal += 1;
    }
    if (batch.isFull()) yield batch.take();
  }
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

async function* once(bytes: Buffer): AsyncGenerator<Buffer<ArrayBuffer>, void, undefined> {
  yield Buffer.from(bytes);
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

/** The worst problem at each record of an open segment, from `from` on, that has one. */
export async function worstOfTail(ctx: Context, chainId: string, from: number): Promise<Map<number, ProblemCode>> {
  const worst = new Map<number, ProblemCode>();
  updateWorst(
    worst,
    await ctx.db
      .selectFrom('tail_problems')
      .select(['record', 'code'])
      .where('chain_id', '=', chainId)
      .where('record', '>=', from)
      .limit(100_000)
      .execute(),
  );
  return worst;
}
