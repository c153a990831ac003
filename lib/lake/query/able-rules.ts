import 'server-only';
import type { Context } from '../../context';
import { type Asked, type Needing, compileAble, needsOf } from '../../core/rules/able';
import { select } from './events';
import { inParts } from './rule-parts';

/** Counted at once. */
const MOST_RULES = 20;
/** Reads many columns; rows of one block are held at a time. */
const BLOCK_ROWS = 8_192;

/**
 * Of rules those that may find something among the records of a time, each of its own: the others lack the records of one group that any finding of
 * theirs takes. They are counted in one pass, which costs about what running one of them does.
 */
export async function ableRules<R extends Needing>(
  ctx: Pick<Context, 'lake'>,
  times: ReadonlyMap<R, { from: Date; to: Date }>,
  signal?: AbortSignal,
): Promise<Set<R>> {
  const asked: Asked<R>[] = [...times].map(([rule, { from, to }]) => ({ rule, from, to }));
  const isCounted = ({ rule }: Asked<R>) => {
    const { records, rules } = needsOf(rule);
    return records > 1 || rules > 1;
  };
  const able = new Set(asked.filter((one) => !isCounted(one)).map(({ rule }) => rule));
  const counted = asked.filter(isCounted);
  const timeOf = new Map(counted.map((one) => [one.rule, one]));
  for (const rules of inParts([...timeOf.keys()], MOST_RULES)) {
    const some = rules.flatMap((rule) => timeOf.get(rule) ?? []);
    const { sql, params } = compileAble(some, 'events');
    const bounds = { mayRepeat: true, signal, limits: { max_block_size: String(BLOCK_ROWS) } };
    for (const { number } of await select<{ number: number }>(ctx, sql, params, bounds)) {
      const one = some[number];
      if (one) able.add(one.rule);
    }
  }
  return able;
}
