import 'server-only';
import type { Context } from '../context';
import type { Reporter } from './drift';

type Chain = { id: string; name: string; head: string | null };

/**
 * Holds the lake's records of a chain against the records that are on record as loaded: how many, and the last one's hash.
 * Gives whether they agree. A chain that is being loaded is compared as far as it has come.
 */
export async function examineLake(ctx: Context, chain: Chain, report: Reporter): Promise<boolean> {
  const { loaded, all } = await expected(ctx, chain.id);
  const result = await ctx.lake.query({
    query: `SELECT uniqExact(ordinal) AS records, argMaxIf(hash, ordinal, hash != '') AS last
      FROM events WHERE chain_id = {chainId: UUID}`,
    query_params: { chainId: chain.id },
    format: 'JSONEachRow',
  });
  const [found] = await result.json<{ records: number; last: string }>();
  if (!found) throw new Error('an aggregate gives a row');
  const isWhole = all && chain.head !== null;
  if (found.records === loaded && (!isWhole || found.last === chain.head)) return true;
  if (found.records !== loaded) report.drift({ kind: 'lake-differs', chain: chain.name, what: 'records in the lake', expected: String(loaded), found: String(found.records) });
  else report.drift({ kind: 'lake-differs', chain: chain.name, what: 'last hash in the lake', expected: chain.head ?? '', found: found.last });
  return false;
}

/** Records that are on record as loaded, and whether that is all there are. */
async function expected(ctx: Context, chainId: string): Promise<{ loaded: number; all: boolean }> {
  const segments = await ctx.db.selectFrom('chain_segments').select(['records', 'loaded_generation']).where('chain_id', '=', chainId).execute();
  const tail = await ctx.db.selectFrom('tails').select(['closed_records', 'loaded_records', 'records']).where('chain_id', '=', chainId).executeTakeFirst();
  const closed = segments.filter(({ loaded_generation: generation }) => generation !== null).reduce((sum, { records }) => sum + records, 0);
  const open = tail ? Math.max(0, tail.loaded_records - tail.closed_records) : 0;
  const all = segments.every(({ loaded_generation: generation }) => generation !== null) && (!tail || tail.records === Math.max(tail.loaded_records, tail.closed_records));
  return { loaded: closed + open, all };
}
