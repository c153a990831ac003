import 'server-only';
import type { Context } from '../../context';
import { type Compilable, type Run, compileRules, reachMs, shapeOf } from '../../core/rules/compile';
import { type Hit, HitReader, type WindowRow } from '../../core/rules/kinds/hits';
import type { Matching } from '../../core/rules/matching';
import { windowUs } from '../../core/rules/rule';
import { cutsOf, hitsInSlices } from '../../core/rules/slices';
import { instantOfMicros } from '../../core/time';
import { bucketsOf, hasMore } from './matching-rules';
import { RULE_SETTINGS, inParts } from './rule-parts';

type Period = { from: Date; to: Date };

/** Rules of one SELECT, and records of theirs, which are held in memory: rules that have more are run by themselves. */
const MOST_RULES = 32;
const MOST_RECORDS = 250_000;
/** Reads many columns; rows of one block are held at a time. */
const BLOCK_ROWS = 8_192;

/** Records of one rule that the engine holds at once, at some hundred bytes each; of more it is looked for in slices of the time. */
const MOST_AT_ONCE = 500_000;

/** What a rule finds among the records of `[from, to)`, each counted once, one after another: each may hold a thousand records. */
export function hitsOf(ctx: Pick<Context, 'lake'>, rule: Compilable, time: Period): AsyncGenerator<Hit, void> {
  return hitsTogether(ctx, [{ rule, time }]);
}

/** Whether a time has so many records that a rule may have more than are held at once. */
export function hasMuch(ctx: Pick<Context, 'lake'>, time: Period): Promise<boolean> {
  return hasMore(ctx, time, MOST_AT_ONCE);
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
