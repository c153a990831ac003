import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import type { SegmentCheck } from '../core/chain/check';
import { liveVerdict } from '../core/chain/live-verdict';
import { mergeChecks } from '../core/chain/merge-checks';
import type { Problem } from '../core/chain/problem';
import { formatById } from '../core/formats';
import type { TailsTable } from '../db/tail-tables';
import { tailBytes } from '../db/tail-bytes';
import { MAX_OPEN_LINKS, type TailState, emptyCheck, grow } from '../ingest/append/state';
import { type Values, asText, compareRow, compareRows } from './compare';
import type { Reporter } from './drift';
import type { Chain, Derived } from './examine-heads';
import { unlessGone } from './gone';
import { problemValues } from './read-segment';

type Tail = Selectable<TailsTable>;

/** What was appended and is open, compared with its rows; the chain's figures with it, null when nothing complete is open. */
export async function examineTail(
  ctx: Context,
  chain: Chain,
  closed: readonly SegmentCheck[],
  joined: Derived['joined'],
  report: Reporter,
) {
  const tail = await ctx.db.selectFrom('tails').selectAll().where('chain_id', '=', chain.id).executeTakeFirst();
  if (!tail) return { figures: null, openBytes: 0 };
  const place = { chain: chain.name, table: 'tails', row: chain.id };
  const sum = (of: (check: SegmentCheck) => number) => closed.reduce((total, check) => total + of(check), 0);
  const format = formatById(chain.format);
  const closedBytes = sum(({ sizeBytes }) => sizeBytes);
  compareRow(
    report,
    place,
    {
      closed_bytes: closedBytes,
      closed_records: sum(({ records }) => records),
      closed_lines: sum(({ lines }) => lines),
    },
    tail,
  );
  const open = await unlessGone(tailBytes(ctx, chain.id, tail.closed_bytes));
  if (!open) {
    report.drift({
      kind: 'tail-differs',
      chain: chain.name,
      what: 'bytes of the open segment',
      expected: 'what was accepted',
      found: 'other bytes, or fewer',
      at: { table: 'tail_pieces', row: chain.id, column: 'bytes' },
    });
    return { figures: null, openBytes: tail.size_bytes - tail.closed_bytes };
  }
  compareSeal(ctx, chain, tail, report);
  const base = closed.reduce(
    (merged, check) => mergeChecks(format, merged, check, { maxOpenLinks: MAX_OPEN_LINKS }),
    emptyCheck(format, ctx.hasher),
  );
  const grown = await grow(format, ctx.hasher, stateOf(base), open);
  const { check, completeBytes, sizeBytes } = grown.state;
  compareRow(report, place, { size_bytes: sizeBytes, complete_bytes: completeBytes, records: check.records }, tail);
  compareRow(report, { ...place, table: 'tails' }, { result: lasting(check) }, { result: lasting(tail.result) });
  await examineLoaded(ctx, chain, tail, { base, open }, report);
  await examineTailProblems(ctx, chain, tail.closed_bytes, grown.problems, report);
  if (tail.complete_bytes === tail.closed_bytes) return { figures: null, openBytes: open.length };
  const live = liveVerdict(format, check, joined.problemCounts);
  const figures = {
    verdict: live.verdict,
    problem_counts: live.problemCounts,
    records: check.records,
    head: check.last?.hash ?? null,
    first_recorded_at: check.firstRecordedAt,
    last_recorded_at: check.lastRecordedAt,
  };
  return { figures, openBytes: open.length };
}

function compareSeal({ seals }: Context, chain: Chain, tail: Tail, report: Reporter): void {
  if (tail.size_bytes > tail.closed_bytes && tail.seal_key !== seals.id)
    report.drift({
      kind: 'tail-differs',
      chain: chain.name,
      what: 'the seal of the open segment',
      expected: `one by key ${seals.id}`,
      found: tail.seal_key ?? 'none',
      at: { table: 'tails', row: chain.id, column: 'seal_key' },
    });
}

/** How far the open segment is in the lake: no further than it reaches, and to the end of a line. */
async function examineLoaded(
  ctx: Context,
  chain: Chain,
  tail: Tail,
  { base, open }: { base: SegmentCheck; open: Buffer },
  report: Reporter,
): Promise<void> {
  if (
    tail.searched_records > tail.records ||
    tail.loaded_records > tail.records ||
    tail.loaded_bytes > tail.complete_bytes
  )
    report.drift({
      kind: 'tail-differs',
      chain: chain.name,
      what: 'how far the open segment is loaded',
      expected: `at most ${tail.records} records`,
      found: `${Math.max(tail.searched_records, tail.loaded_records)} records, ${tail.loaded_bytes} bytes`,
      at: { table: 'tails', row: chain.id, column: 'loaded_records' },
    });
  if (tail.loaded_bytes >= tail.closed_bytes && tail.loaded_bytes <= tail.complete_bytes) {
    const loaded = open.subarray(0, tail.loaded_bytes - tail.closed_bytes);
    const { state } = await grow(formatById(chain.format), ctx.hasher, stateOf(base), loaded);
    compareRow(
      report,
      { chain: chain.name, table: 'tails', row: chain.id },
      { loaded_records: state.check.records, loaded_lines: state.check.lines },
      tail,
    );
  }
}

/** A log as far as it is checked, to grow from. */
function stateOf(check: SegmentCheck): TailState {
  return { sizeBytes: check.sizeBytes, completeBytes: check.sizeBytes, check, pending: Buffer.alloc(0) };
}

/** What of a check is the same however the bytes came: where links are checked depends on the appends. */
function lasting({
  records,
  lines,
  sizeBytes,
  chainedRecords,
  validRecords,
  first,
  last,
  firstRecordedAt,
  lastRecordedAt,
  openTail,
}: SegmentCheck) {
  return {
    records,
    lines,
    sizeBytes,
    chainedRecords,
    validRecords,
    first: first?.hash ?? null,
    last: last?.hash ?? null,
    firstRecordedAt,
    lastRecordedAt,
    openTail,
  };
}

async function examineTailProblems(
  ctx: Context,
  chain: Chain,
  closedBytes: number,
  problems: readonly Problem[],
  report: Reporter,
): Promise<void> {
  const rows = await ctx.db
    .selectFrom('tail_problems')
    .selectAll()
    .where('chain_id', '=', chain.id)
    .where('byte_offset', '>=', closedBytes)
    .execute();
  const key = (values: Values) => `${asText(values['byte_offset'])} ${asText(values['code'])}`;
  const byKey = (all: readonly Values[]) => new Map(all.map((values) => [`${chain.id} ${key(values)}`, values]));
  compareRows(
    report,
    { chain: chain.name, table: 'tail_problems' },
    byKey(problems.map(problemValues)),
    byKey(rows.map(({ n: _, chain_id: __, ...values }) => values)),
  );
}
