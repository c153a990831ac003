import 'server-only';
import { chainNames } from '../chains/chain-names';
import type { Context } from '../context';
import { searchField } from '../core/search/fields';
import { valuesOf } from '../lake/query/search';
import type { Facets } from '../schemas/events';
import { type RequestedSearch, readSearched } from './searched';

/** Questions the lake is asked side by side: others have theirs. */
const AT_ONCE = 3;

/** The values fields have among the records a search finds, with how many records have each. @throws AppError BAD_REQUEST, SEARCH_TOO_LARGE. */
export async function eventFacets(
  ctx: Context,
  { fields, limit, ...requested }: RequestedSearch & { fields: readonly string[]; limit: number },
): Promise<Facets> {
  const searched = await readSearched(ctx, requested);
  const facets: Facets['facets'] = [];
  const wanted = fields.flatMap((name) => searchField(name) ?? []);
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const some = wanted.slice(at, at + AT_ONCE).map(async ({ name, names, label }) => {
      const { values, different } = await valuesOf(ctx, searched, name, limit);
      return {
        field: names[0] ?? name,
        label,
        values: await named(ctx, name, values),
        more: different - values.length,
      };
    });
    facets.push(...(await Promise.all(some)));
  }
  return { facets };
}

async function named(
  ctx: Context,
  column: string,
  values: { value: string; count: number }[],
): Promise<Facets['facets'][number]['values']> {
  if (column !== 'chain_id') return values;
  const names = await chainNames(
    ctx,
    values.map(({ value }) => value),
  );
  return values.map((one) => ({ ...one, name: names.get(one.value) ?? one.value }));
}
