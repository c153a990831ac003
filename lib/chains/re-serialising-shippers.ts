import 'server-only';
import type { Context } from '../context';
import { type ReSerialised, reSerialisedMessage } from '../schemas/re-serialising-shippers';

/** Shippers that re-serialised records of the chain, most records first. */
export async function listReSerialisingShippers(
  ctx: Context,
  { chainId }: { chainId: string },
): Promise<ReSerialised[]> {
  const rows = await ctx.db
    .selectFrom('re_serialising_shippers')
    .select(['shipper', 'records', 'last_at'])
    .where('chain_id', '=', chainId)
    .orderBy('records', 'desc')
    .orderBy('shipper')
    .execute();
  return rows.map(({ shipper, records, last_at: lastAt }) => ({
    shipper,
    records,
    lastAt: lastAt.toISOString(),
    message: reSerialisedMessage(shipper, records),
  }));
}
