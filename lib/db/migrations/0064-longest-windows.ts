import { type Kysely, sql } from 'kysely';

/** How long the longest window of a finding is: those of a period end no later after it, and are read so far and not to the newest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX findings_longest ON findings ((window_to - window_from)) WHERE superseded_at IS NULL`.execute(
    db,
  );
}
