import { type Kysely, sql } from 'kysely';

/** Who is sent reports of a definition. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE report_definition_destinations (
      definition_id uuid NOT NULL REFERENCES report_definitions (id) ON DELETE CASCADE,
      destination_id uuid NOT NULL REFERENCES notification_destinations (id) ON DELETE CASCADE,
      PRIMARY KEY (definition_id, destination_id)
    )`.execute(db);
  await sql`CREATE INDEX report_definition_destinations_of ON report_definition_destinations (destination_id)`.execute(
    db,
  );
}
