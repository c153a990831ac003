import { type Kysely, sql } from 'kysely';

/** Kind and id of whoever sent or asked for something, where the name alone decided whose turn it is or how much was asked for; null in older rows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE uploads ADD COLUMN received_by_id text`.execute(db);
  await sql`ALTER TABLE packages ADD COLUMN requested_by_id text`.execute(db);
  await sql`ALTER TABLE tails ADD COLUMN appended_by_id text, ADD COLUMN appenders text[] NOT NULL DEFAULT '{}'`.execute(
    db,
  );
}
