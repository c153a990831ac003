import { type Kysely, sql } from 'kysely';

/** Windows of findings, to find those that some time of a period is in, however long others are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX findings_during ON findings USING gist (tstzrange(window_from, window_to, '[]')) WHERE superseded_at IS NULL`.execute(
    db,
  );
}
