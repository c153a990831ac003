import { type Kysely, sql } from 'kysely';

/** Log shippers that wrote records of a chain anew on their way here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE re_encoders (
      chain_id uuid NOT NULL REFERENCES chains,
      shipper text NOT NULL,
      records bigint NOT NULL,
      last_at timestamptz NOT NULL,
      PRIMARY KEY (chain_id, shipper)
    )`.execute(db);
}
