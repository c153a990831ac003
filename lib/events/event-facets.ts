import 'server-only';
import { chainNames } from '../chains/chain-names';
import type { Context } from '../context';
import { searchField } from '../core/search/fields';
import { valuesOfEach } from '../lake/query/search-values';
import type { Facets } from '../schemas/events';
import { type RequestedSearch, readSearched } from './searched';

/** The values fields have among the records a search finds, with how many records have each. @throws AppError BAD_REQUEST, SEARCH_TOO_LARGE. */
export async function eventFacets(
  ctx: Context,
  { fields, limit, ...requested }: RequestedSearch & { fields: readonly string[]; limit: number },
): Promise<Facets> {
  const searched = await readSearched(ctx, requested);
  const wanted = fields.flatMap((name) => searchField(name) ?? []);
  const found = await valuesOfEach(
    ctx,
    searched,
    wanted.map(({ name }) => name),
    limit,
  );
  const facets: Facets['facets'] = [];
  for (const { name, names, label } of wanted) {
    const { values, different } = found.get(name) ?? { values: [], different: 0 };
    facets.push({
      field: names[0] ?? name,
      label,
      values: await named(ctx, name, values),
      more: different - values.length,
    });
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
