import { type Kysely, sql } from 'kysely';

/** What other findings are of the session or the group of one, and how long those of a time waited, without reading them all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX findings_of_session ON findings ((group_values->>'session_id')) WHERE superseded_at IS NULL`.execute(
    db,
  );
  await sql`CREATE INDEX findings_of_group ON findings USING hash (group_values) WHERE superseded_at IS NULL`.execute(
    db,
  );
  await sql`CREATE INDEX findings_waited ON findings (found_at) INCLUDE (id, status, verdict, acknowledged_at, decided_at)
    WHERE superseded_at IS NULL`.execute(db);
  await sql`DROP INDEX findings_found`.execute(db);
}
