import type { ReEncoderId } from '../schemas/re-encoders';
import type { Db } from './database';

/** Who wrote records of a chain anew on their way here, and how many. */
export type ReEncodersTable = { chain_id: string; shipper: ReEncoderId; records: number; last_at: Date };

export async function countReEncoded(
  db: Db,
  { chainId, shipper, records, at }: { chainId: string; shipper: ReEncoderId; records: number; at: Date },
): Promise<void> {
  await db
    .insertInto('re_encoders')
    .values({ chain_id: chainId, shipper, records, last_at: at })
    .onConflict((conflict) =>
      conflict.columns(['chain_id', 'shipper']).doUpdateSet(({ eb, ref }) => ({
        records: eb('re_encoders.records', '+', records),
        last_at: ref('excluded.last_at'),
      })),
    )
    .execute();
}
