import 'server-only';
import type { Context } from '../context';
import { type ReEncoded, reEncodedMessage } from '../schemas/re-encoders';

/** Shippers that wrote records of the chain anew, most records first. */
export async function listReEncoders(ctx: Context, { chainId }: { chainId: string }): Promise<ReEncoded[]> {
  const rows = await ctx.db
    .selectFrom('re_encoders')
    .select(['shipper', 'records', 'last_at'])
    .where('chain_id', '=', chainId)
    .orderBy('records', 'desc')
    .orderBy('shipper')
    .execute();
  return rows.map(({ shipper, records, last_at: lastAt }) => ({
    shipper,
    records,
    lastAt: lastAt.toISOString(),
    message: reEncodedMessage(shipper, records),
  }));
}
