import { type Kysely, sql } from 'kysely';

/** Which findings suppressions hide, noted with each of them, so that lists read past none that is hidden. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE findings ADD COLUMN suppressed boolean NOT NULL DEFAULT false`.execute(db);
  await sql`UPDATE findings SET suppressed = true WHERE id IN (
    SELECT h.finding_id FROM suppressed_findings h JOIN suppressions s ON s.id = h.suppression_id WHERE s.ended_at IS NULL AND s.told_at IS NULL)`.execute(
    db,
  );
}
