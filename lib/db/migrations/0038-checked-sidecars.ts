import { type Kysely, sql } from 'kysely';

/** What the sidecar files of a chain prove or disprove of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE chains RENAME COLUMN artefacts TO checked_sidecars`.execute(db);
}
