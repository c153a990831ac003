import 'server-only';
import type { Context } from '../../context';
import { type Matching, matchingSql } from '../../core/rules/matching';
import type { Params } from '../../core/rules/predicate-sql';
import type { TimeUs } from '../../core/rules/slices';
import { instantOfMicros } from '../../core/time';
import { IN_PERIOD, periodParameters, select } from './events';
import { inParts } from './rule-parts';

type Period = { from: Date; to: Date };

/** Reads many columns; rows of one block are held at a time. */
const BLOCK_ROWS = 8_192;
/** The time of a rule is counted in so many parts, and a part that has too many in as many again. */
const PARTS = 1_000;

/**
 * Of rules those that have records among what chains, or all, state in `[from, to)`, each with how many, and the time from the first to the last of them.
 * All are looked for in one pass.
 */
export async function matchingRules<R extends Matching>(
  ctx: Pick<Context, 'lake'>,
  rules: readonly R[],
  chainIds: readonly string[] | null,
  { from, to }: Period,
  signal?: AbortSignal,
): Promise<Map<R, Period & { records: number }>> {
  const found = new Map<R, Period & { records: number }>();
  for (const asked of inParts(rules)) {
    const params: Params = {};
    const matches = asked.map((rule) => matchingSql(rule, params));
    const [row] = await select<{ firsts: number[]; lasts: number[]; counts: number[] }>(
      ctx,
      `SELECT [${matches.map((_, index) => `minIf(us, m${index})`).join(', ')}] AS firsts, [${matches.map((_, index) => `maxIf(us, m${index})`).join(', ')}] AS lasts,
          [${matches.map((_, index) => `countIf(m${index})`).join(', ')}] AS counts
        FROM (
          SELECT toUnixTimestamp64Micro(recorded_at) AS us, ${matches.map((sql, index) => `(${sql}) AS m${index}`).join(', ')}
          FROM events WHERE ${chainIds ? 'chain_id IN {ids: Array(UUID)} AND ' : ''}${IN_PERIOD}
        )`,
      {
        ...params,
        ...(chainIds && { ids: chainIds }),
        ...periodParameters({ from: from.toISOString(), to: to.toISOString() }),
      },
      // A record that stands twice is of the rules it is of.
      { mayRepeat: true, signal, limits: { max_block_size: String(BLOCK_ROWS) } },
    );
    for (const [index, rule] of asked.entries()) {
      const [first, last] = [row?.firsts[index] ?? 0, row?.lasts[index] ?? 0];
      const records = row?.counts[index] ?? 0;
      if (last > 0)
        found.set(rule, {
          from: new Date(Math.floor(first / 1000)),
          to: new Date(Math.floor(last / 1000) + 1),
          records,
        });
    }
  }
  return found;
}

/** Whether a time has more than so many records. Costs no more than reading so many. */
export async function hasMore(ctx: Pick<Context, 'lake'>, { from, to }: Period, most: number): Promise<boolean> {
  const [row] = await select<{ records: number }>(
    ctx,
    `SELECT count() AS records FROM (SELECT 1 FROM events WHERE ${IN_PERIOD} LIMIT ${most + 1})`,
    periodParameters({ from: from.toISOString(), to: to.toISOString() }),
    { mayRepeat: true },
  );
  return (row?.records ?? 0) > most;
}

/** How many records of a rule there are from one moment to the next, none of which has more than so many unless they are of one millisecond. */
export async function bucketsOf(
  ctx: Pick<Context, 'lake'>,
  rule: Matching,
  { fromUs, toUs }: TimeUs,
  most: number,
): Promise<{ fromUs: number; records: number }[]> {
  const widthUs = Math.max(1000, Math.ceil((toUs - fromUs) / PARTS));
  const params: Params = { begins: fromUs, width: widthUs };
  const buckets = await select<{ bucket: number; records: number }>(
    ctx,
    `SELECT toUInt32(intDiv(toUnixTimestamp64Micro(recorded_at) - {begins: Int64}, {width: Int64})) AS bucket, count() AS records
      FROM events WHERE ${IN_PERIOD} AND (${matchingSql(rule, params)}) GROUP BY bucket ORDER BY bucket`,
    { ...params, ...periodParameters({ from: instantOfMicros(fromUs), to: instantOfMicros(toUs) }) },
    // how many there are only says where to look
    { mayRepeat: true, limits: { max_block_size: String(BLOCK_ROWS) } },
  );
  const found: { fromUs: number; records: number }[] = [];
  for (const { bucket, records } of buckets) {
    const begins = fromUs + bucket * widthUs;
    const one = { fromUs: begins, toUs: Math.min(toUs, begins + widthUs) };
    found.push(
      ...(records > most && widthUs > 1000 ? await bucketsOf(ctx, rule, one, most) : [{ fromUs: begins, records }]),
    );
  }
  return found;
}
