import { type Kysely, sql } from 'kysely';

/** What Sealtrail came to by itself, left in the transaction in which it did, until a worker makes it actions: those of one thing in a minute are one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE activity_pending (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      action text NOT NULL,
      subject_id text NOT NULL,
      item text NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX activity_pending_of ON activity_pending (action, subject_id)`.execute(db);
}
