import 'server-only';
import type { Db, Tx } from './database';

/** Rows a chain has in a table. */
export async function countOf(
  db: Db | Tx,
  table: 'heads' | 'uploads' | 'sidecars' | 'chain_segments',
  chainId: string,
): Promise<number> {
  const { total } = await db
    .selectFrom(table)
    .where('chain_id', '=', chainId)
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}
