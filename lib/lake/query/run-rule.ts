import 'server-only';
import type { Context } from '../../context';
import { type Compilable, type Run, compileRules, reachMs, shapeOf } from '../../core/rules/compile';
import { type Hit, HitReader, type WindowRow } from '../../core/rules/kinds/hits';
import { type Matching, matchingSql } from '../../core/rules/matching';
import type { Params } from '../../core/rules/predicate-sql';
import { windowUs } from '../../core/rules/rule';
import { type TimeUs, cutsOf, hitsInSlices } from '../../core/rules/slices';
import { instantOfMicros } from '../../core/time';
import { IN_PERIOD, periodParameters, select } from './events';
import { RULE_SETTINGS, inParts } from './rule-parts';

type Period = { from: Date; to: Date };

/** Rules of one SELECT, and records of theirs, which are held in memory: rules that have more are run by themselves. */
const MOST_RULES = 32;
const MOST_RECORDS = 250_000;
/** Reads many columns; rows of one block are held at a time. */
const BLOCK_ROWS = 8_192;

/** Records of one rule that the engine holds at once, at some hundred bytes each; of more it is looked for in slices of the time. */
const MOST_AT_ONCE = 500_000;
/** The time of a rule is counted in so many parts, and a part that has too many in as many again. */
const PARTS = 1_000;

/** What a rule finds among the records of `[from, to)`, each counted once, one after another: each may hold a thousand records. */
export function hitsOf(ctx: Pick<Context, 'lake'>, rule: Compilable, time: Period): AsyncGenerator<Hit, void> {
  return hitsTogether(ctx, [{ rule, time }]);
}

/** Whether a time has so many records that a rule may have more than are held at once. */
export async function hasMuch(ctx: Pick<Context, 'lake'>, { from, to }: Period): Promise<boolean> {
  const [row] = await select<{ records: number }>(
    ctx,
    `SELECT count() AS records FROM (SELECT 1 FROM events WHERE ${IN_PERIOD} LIMIT ${MOST_AT_ONCE + 1})`,
    periodParameters({ from: from.toISOString(), to: to.toISOString() }),
    { mayRepeat: true },
  );
  return (row?.records ?? 0) > MOST_AT_ONCE;
}

/** The same of a time that may have any number of records: no more than about so many of the rule, and what lies around them, are held at once. */
export async function* hitsOfMany(
  ctx: Pick<Context, 'lake'>,
  rule: Compilable,
  time: Period,
  atOnce = MOST_AT_ONCE,
): AsyncGenerator<Hit, void> {
  const [fromUs, toUs] = [time.from.getTime() * 1000, time.to.getTime() * 1000];
  const cuts = cutsOf(await bucketsOf(ctx, rule, { fromUs, toUs }, atOnce), atOnce);
  yield* hitsInSlices({ fromUs, toUs }, cuts, windowUs(reachMs(rule)), (slice) =>
    foundIn(ctx, [{ rule, from: instantOfMicros(slice.fromUs), to: instantOfMicros(slice.toUs) }]),
  );
}

/** How many records of a rule there are from one moment to the next, none of which has more than so many unless they are of one millisecond. */
async function bucketsOf(
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

/** What rules of one shape find, each in a time of its own: rule by rule, in their order. */
export async function* hitsTogether(
  ctx: Pick<Context, 'lake'>,
  runs: readonly { rule: Compilable; time: Period }[],
): AsyncGenerator<Hit, void> {
  yield* foundIn(
    ctx,
    runs.map(({ rule, time: { from, to } }): Run => ({ rule, from: from.toISOString(), to: to.toISOString() })),
  );
}

async function* foundIn(
  { lake }: Pick<Context, 'lake'>,
  [first, ...others]: readonly Run[],
): AsyncGenerator<Hit, void> {
  if (!first) return;
  const { sql, params } = compileRules([first, ...others], 'events');
  const result = await lake.query({
    query: sql,
    query_params: params,
    format: 'JSONCompactEachRow',
    clickhouse_settings: { ...RULE_SETTINGS, ...(others.length > 0 && { max_block_size: String(BLOCK_ROWS) }) },
  });
  const reader = new HitReader();
  for await (const batch of result.stream<WindowRow>())
    for (const row of batch) {
      const hit = reader.push(row.json());
      if (hit) yield hit;
    }
  const last = reader.end();
  if (last) yield last;
}

/** Rules as they are run together: those of one shape, as many as one SELECT takes; one that has many records by itself. `recordsOf` is how many each has. */
export function batchesOf<R extends Matching & Parameters<typeof shapeOf>[0]>(
  rules: readonly R[],
  recordsOf: (rule: R) => number,
): R[][] {
  const shapes = Map.groupBy(rules, (rule) => shapeOf(rule));
  return [...shapes].flatMap(([shape, alike]) => {
    if (shape === null) return alike.map((rule) => [rule]);
    return inParts(alike, MOST_RULES, 2).flatMap((part) => byRecords(part, recordsOf));
  });
}

function byRecords<R>(rules: readonly R[], recordsOf: (rule: R) => number): R[][] {
  const parts: R[][] = [];
  let left = 0;
  for (const rule of rules.toSorted((a, b) => recordsOf(a) - recordsOf(b))) {
    const records = recordsOf(rule);
    const last = parts.at(-1);
    if (last && records <= left) last.push(rule);
    else {
      parts.push([rule]);
      left = MOST_RECORDS;
    }
    left -= records;
  }
  return parts;
}
