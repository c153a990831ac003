import 'server-only';
import type { Context } from '../../context';
import { type Asked, type Needing, compileAble, compileKnown, needsOf } from '../../core/rules/able';
import type { Compiled } from '../../core/rules/kinds/kind';
import { select } from './events';
import { RULE_SETTINGS, inParts } from './rule-parts';

/** Counted at once. */
const MOST_RULES = 20;
/** Reads many columns; rows of one block are held at a time. */
const BLOCK_ROWS = 8_192;

/**
 * Of rules those that may find something among the records of a time, each of its own, and how many records each has there, where that was counted: the
 * others lack the records of one group that any finding of theirs takes, or what lies before it. They are counted in one pass, which costs about what
 * running one of them does, and in another those that look back.
 */
export async function ableRules<R extends Needing>(
  ctx: Pick<Context, 'lake'>,
  times: ReadonlyMap<R, { from: Date; to: Date }>,
  signal?: AbortSignal,
): Promise<Map<R, number | null>> {
  const asked: Asked<R>[] = [...times].map(([rule, { from, to }]) => ({ rule, from, to }));
  const isCounted = ({ rule }: Asked<R>) => {
    const { records, rules } = needsOf(rule);
    return records > 1 || rules > 1;
  };
  const able = new Map<R, number | null>();
  for (const one of asked) if (!isCounted(one)) able.set(one.rule, null);
  const counted = await told<R, { number: number; matched: number; is_able: 0 | 1 }>(
    ctx,
    asked.filter(isCounted),
    compileAble,
    signal,
  );
  for (const [rule, { matched, is_able: isAble }] of counted) if (isAble) able.set(rule, matched);
  const looksBack = asked.filter(({ rule }) => able.has(rule) && needsOf(rule).before);
  const known = await told(ctx, looksBack, compileKnown, signal);
  for (const { rule } of looksBack) if (!known.has(rule)) able.delete(rule);
  return able;
}

/** What a pass over the records says of rules; of those that it says nothing of there is none. */
async function told<R extends Needing, Row extends { number: number }>(
  ctx: Pick<Context, 'lake'>,
  asked: readonly Asked<R>[],
  compile: (asked: readonly Asked<R>[], table: string) => Compiled,
  signal: AbortSignal | undefined,
): Promise<Map<R, Row>> {
  const said = new Map<R, Row>();
  const timeOf = new Map(asked.map((one) => [one.rule, one]));
  for (const rules of inParts([...timeOf.keys()], MOST_RULES)) {
    const some = rules.flatMap((rule) => timeOf.get(rule) ?? []);
    const { sql, params } = compile(some, 'events');
    const bounds = { mayRepeat: true, signal, limits: { ...RULE_SETTINGS, max_block_size: String(BLOCK_ROWS) } };
    for (const row of await select<Row>(ctx, sql, params, bounds)) {
      const one = some[row.number];
      if (one) said.set(one.rule, row);
    }
  }
  return said;
}
