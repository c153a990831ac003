import { type Kysely, sql } from 'kysely';

/** Windows of findings again: one that was edited to end before it begins is a row still, for `fsck` to tell. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`DROP INDEX findings_during`.execute(db);
  await sql`CREATE INDEX findings_during ON findings USING gist (tstzrange(least(window_from, window_to), window_to, '[]')) WHERE superseded_at IS NULL`.execute(
    db,
  );
}
