import type { ShipperId } from '../schemas/re-serialising-shippers';
import type { Db } from './database';

/** Shippers that serialised records of a chain again on their way here, and how many. */
export type ReSerialisingShippersTable = { chain_id: string; shipper: ShipperId; records: number; last_at: Date };

export async function countReSerialised(
  db: Db,
  { chainId, shipper, records, at }: { chainId: string; shipper: ShipperId; records: number; at: Date },
): Promise<void> {
  await db
    .insertInto('re_serialising_shippers')
    .values({ chain_id: chainId, shipper, records, last_at: at })
    .onConflict((conflict) =>
      conflict.columns(['chain_id', 'shipper']).doUpdateSet(({ eb, ref }) => ({
        records: eb('re_serialising_shippers.records', '+', records),
        last_at: ref('excluded.last_at'),
      })),
    )
    .execute();
}
