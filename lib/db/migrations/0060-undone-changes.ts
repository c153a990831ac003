import { type Kysely, sql } from 'kysely';

/** Which acts were one change of several findings, what each finding was before, and which acts undo such a change. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE finding_acts ADD COLUMN change_id uuid, ADD COLUMN before jsonb, ADD COLUMN undoes uuid`.execute(
    db,
  );
  await sql`CREATE INDEX finding_acts_change ON finding_acts (change_id, id) WHERE change_id IS NOT NULL`.execute(db);
}
