import 'server-only';
import type { Context } from '../../context';
import { type Compilable, compileRule } from '../../core/rules/compile';
import { type Hit, HitReader, type WindowRow } from '../../core/rules/kinds/hits';

/** What a rule finds among the records of `[from, to)`, each counted once, one after another: each may hold a thousand records. */
export async function* hitsOf(
  { lake }: Pick<Context, 'lake'>,
  rule: Compilable,
  { from, to }: { from: Date; to: Date },
): AsyncGenerator<Hit, void, undefined> {
  const { sql, params } = compileRule(rule, {
    from: from.toISOString(),
    to: to.toISOString(),
    table: 'events',
  });
  const result = await lake.query({ query: sql, query_params: params, format: 'JSONCompactEachRow' });
  const reader = new HitReader();
  for await (const batch of result.stream<WindowRow>())
    for (const row of batch) {
      const hit = reader.push(row.json());
      if (hit) yield hit;
    }
  const last = reader.end();
  if (last) yield last;
}
