import { type Kysely, sql } from 'kysely';

/** What may come by the thousand a minute is counted, and becomes one action of its minute. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE activity_folds (
      minute timestamptz NOT NULL,
      key text NOT NULL,
      action text NOT NULL,
      many_action text NOT NULL,
      actor jsonb NOT NULL,
      subject_id text NOT NULL,
      details jsonb NOT NULL CHECK (octet_length(details::text) <= 2048),
      count bigint NOT NULL,
      PRIMARY KEY (minute, key)
    )`.execute(db);
}
