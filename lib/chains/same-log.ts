import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { hashesAt } from '../lake/query/of-chain';
import type { SameLog } from '../schemas/chains';
import type { ChainRow } from './chain-rows';

const MOST = 20;

/** Other chains that begin with the same chained record: the same log under another name. Chains not loaded yet are left out. */
export async function sameLog(ctx: Context, chain: ChainRow): Promise<SameLog[]> {
  if (chain.loaded_generation !== chain.generation || chain.records === 0) return [];
  const firstHash = await firstHashOf(ctx, chain);
  if (firstHash === null) return [];
  const others = await ctx.db
    .selectFrom('segment_checks as k')
    .innerJoin('chain_segments as s', 's.digest', 'k.digest')
    .innerJoin('chains as c', (join) => join.onRef('c.id', '=', 's.chain_id').onRef('c.format', '=', 'k.format'))
    .where(sql<boolean>`k.result->'first'->>'hash' = ${firstHash}`)
    .where('c.id', '!=', chain.id)
    .where('c.format', '=', chain.format)
    .whereRef('c.loaded_generation', '=', 'c.generation')
    // The record opens that chain too, and is not merely the first of one of its later segments.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('chain_segments as e')
            .innerJoin('segment_checks as ek', (join) =>
              join.onRef('ek.digest', '=', 'e.digest').onRef('ek.format', '=', 'c.format'),
            )
            .whereRef('e.chain_id', '=', 'c.id')
            .whereRef('e.index', '<', 's.index')
            .where(sql<boolean>`ek.result->'first'->>'hash' IS NOT NULL`)
            .select('e.index'),
        ),
      ),
    )
    .select(['c.id', 'c.name', 'c.records', 'c.head'])
    .distinct()
    .orderBy('c.name')
    .limit(MOST)
    .execute();
  const unequal = others.filter(({ head, records }) => head !== chain.head || records !== chain.records);
  const hashes = await hashesOfPairs(ctx, chain, unequal);
  return others.map(({ id, name, records }) => {
    const pair = hashes.get(id);
    const relation = !pair
      ? 'identical'
      : pair.ours === '' || pair.ours !== pair.theirs || records === chain.records
        ? 'diverged'
        : records > chain.records
          ? 'longer'
          : 'shorter';
    return { chainId: id, name, relation, records };
  });
}

async function firstHashOf(ctx: Context, chain: ChainRow): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('chain_segments as s')
    .innerJoin('segment_checks as k', (join) =>
      join.onRef('k.digest', '=', 's.digest').on('k.format', '=', chain.format),
    )
    .where('s.chain_id', '=', chain.id)
    .where(sql<boolean>`k.result->'first'->>'hash' IS NOT NULL`)
    .orderBy('s.index')
    .limit(1)
    .select(sql<string>`k.result->'first'->>'hash'`.as('hash'))
    .executeTakeFirst();
  return row?.hash ?? null;
}

/** For each other chain, what both have as hash of the last record of the shorter one; empty where the lake has none. */
async function hashesOfPairs(
  ctx: Context,
  chain: ChainRow,
  others: readonly { id: string; records: number }[],
): Promise<Map<string, { ours: string; theirs: string }>> {
  if (others.length === 0) return new Map();
  const ordinals = others.map(({ records }) => Math.min(records, chain.records) - 1);
  const rows = await hashesAt(ctx, [chain.id, ...others.map(({ id }) => id)], ordinals);
  const hashes = new Map(rows.map(({ chainId, ordinal, hash }) => [`${chainId} ${ordinal}`, hash]));
  return new Map(
    others.map(({ id }, index) => [
      id,
      {
        ours: hashes.get(`${chain.id} ${ordinals[index]}`) ?? '',
        theirs: hashes.get(`${id} ${ordinals[index]}`) ?? '',
      },
    ]),
  );
}
