import 'server-only';
import type { Context } from '../context';
import type { FormatId } from '../core/chain/format';
import type { ProblemCounts } from '../core/chain/problem';
import { FORMATS } from '../core/formats';
import { segmentsOf } from '../db/chains';
import { isDeletedChain } from '../db/deleted-chains';
import { tailBytes } from '../db/tail-bytes';
import { named, refusedRow } from '../lake/event-row';
import { type Loaded, REFUSED } from '../lake/insert-rows';
import { columnsToRemake } from '../lake/migrate';
import { OPEN_SEGMENT } from '../lake/open-segment';
import { everyRow } from '../lake/query/every-row';
import { countOf } from '../lake/query/of-chain';
import { traitsOf } from '../lake/traits';
import { rowsOfSegment, rowsOfTail, worstOfChain } from '../lake/rows-of';
import { refusedByLake } from '../lake/try-rows';
import { asText } from './compare';
import type { Reporter } from './drift';
import { unlessGone } from './gone';

type Chain = { id: string; name: string; format: FormatId; problem_counts: ProblemCounts };

/** Rows compared with one another at a time. */
const BATCH = 5_000;
/** Differences told of one chain; a lake that is rebuilt has none of them. */
const MAX_REPORTED = 20;

/**
 * Holds every column of every row the lake has of a chain against the same made anew from evidence and from what is open. Gives whether they agree.
 * What is on record as not loaded yet must not be there. Columns that a rebuild has yet to make again are as they were, and not compared.
 */
export async function examineLake(
  ctx: Context,
  { id }: { id: string },
  report: Pick<Reporter, 'drift'>,
): Promise<boolean> {
  const chain = await ctx.db
    .selectFrom('chains')
    .select(['id', 'name', 'format', 'problem_counts'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!chain || !FORMATS.some(({ id: known }) => known === chain.format)) return true; // told with the chains
  const differs = tell(chain, report);
  const expected = (await isDeletedChain(ctx.db, id)) ? 0 : await unlessGone(countAndCompare(ctx, chain, differs));
  if (expected === null) return true; // told with the objects
  const records = await countOf(ctx, id);
  if (records !== expected) differs('*', 'records in the lake', String(expected), String(records));
  return differs.count() === 0;
}

type Tell = ((row: string, what: string, expected: string, found: string) => void) & { count(): number };

function tell(chain: Chain, report: Pick<Reporter, 'drift'>): Tell {
  let reported = 0;
  const differs = (row: string, what: string, expected: string, found: string) => {
    reported += 1;
    if (reported <= MAX_REPORTED)
      report.drift({
        kind: 'lake-differs',
        chain: chain.name,
        what: row === '*' ? what : `${what} of record ${row} in the lake`,
        expected,
        found,
        at: { table: 'events', row: `${chain.id} ${row}`, column: row === '*' ? '*' : what },
      });
  };
  return Object.assign(differs, { count: () => reported });
}

/** Compares row by row; gives how many there must be. */
async function countAndCompare(ctx: Context, chain: Chain, differs: Tell): Promise<number> {
  const integrity = await worstOfChain(ctx, chain.id);
  const remade = await columnsToRemake(ctx.lake);
  let expected = 0;
  let batch: Loaded[] = [];
  const flush = async () => {
    await compareBatch(ctx, chain.id, batch, { differs, remade });
    batch = [];
  };
  const take = async (row: Loaded) => {
    expected += 1;
    batch.push(row);
    if (batch.length >= BATCH) await flush();
  };
  for (const segment of await segmentsOf(ctx.db, chain.id)) {
    if (segment.loaded_generation === null) continue;
    for await (const rows of rowsOfSegment(ctx, chain, segment, integrity)) for (const row of rows) await take(row);
  }
  const tail = await ctx.db.selectFrom('tails').selectAll().where('chain_id', '=', chain.id).executeTakeFirst();
  if (tail && tail.loaded_bytes > tail.closed_bytes) {
    const open = await tailBytes(ctx, chain.id, tail.closed_bytes, tail.loaded_bytes);
    const from = { bytes: tail.closed_bytes, records: tail.closed_records, lines: tail.closed_lines };
    for await (const rows of rowsOfTail(ctx, chain, from, open, integrity)) for (const row of rows) await take(row);
  }
  if (batch.length > 0) await flush();
  return expected;
}

async function compareBatch(
  ctx: Context,
  chainId: string,
  expected: readonly Loaded[],
  { differs, remade }: { differs: Tell; remade: ReadonlySet<string> },
): Promise<void> {
  const [first, last] = [expected[0], expected.at(-1)];
  if (!first || !last) return;
  const found = new Map<number, Record<string, unknown>[]>();
  for (const row of await everyRow(ctx, chainId, first.row.ordinal, last.row.ordinal))
    found.set(Number(row['ordinal']), [...(found.get(Number(row['ordinal'])) ?? []), row]);
  const isUnreadable = (one: Record<string, unknown>) => one['kind'] === 'unreadable';
  const refused = await refusedByLake(
    ctx,
    expected.filter(({ row }) => found.get(row.ordinal)?.some(isUnreadable)).map(({ row }) => row),
  );
  for (const { row, beginning } of expected) {
    const rows = found.get(row.ordinal) ?? [];
    if (rows.length === 0) differs(String(row.ordinal), 'the row', 'a row', 'none');
    // The same record may be there twice until its parts are merged: each must be right, one of the open segment but for its place.
    const isClosedToo = rows.some((one) => one['segment_digest'] !== OPEN_SEGMENT.digest);
    for (const one of rows) {
      const isLate = isClosedToo && one['segment_digest'] === OPEN_SEGMENT.digest;
      // What the lake refuses stands in it as that, in the words the lake said.
      const wantedRow = named(
        refused.has(row) && isUnreadable(one)
          ? refusedRow(row, beginning, `${REFUSED}${String(one['reason']).slice(REFUSED.length)}`)
          : row,
      );
      for (const [column, value] of Object.entries({ ...wantedRow, traits: traitsOf(wantedRow) })) {
        if (remade.has(column)) continue;
        if (isLate && (column === 'segment_digest' || column === 'segment_index' || column === 'integrity')) continue;
        const [wanted, is] = [lakeText(column, value), lakeText(column, one[column])];
        if (wanted !== is) differs(String(row.ordinal), column, wanted, is);
      }
    }
  }
}

/** A value as one text, however it was written. */
function lakeText(column: string, value: unknown): string {
  if (column === 'recorded_at') return String(value).replace('T', ' ').replace(/Z$/, '');
  if (typeof value === 'number') return String(value);
  return asText(value);
}
