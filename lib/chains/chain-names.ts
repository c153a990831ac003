import 'server-only';
import type { Context } from '../context';

/** Names of chains by id. */
export async function chainNames(ctx: Context, chainIds: readonly string[]): Promise<Map<string, string>> {
  if (chainIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('chains')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(chainIds)])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
