import { type Kysely, sql } from 'kysely';

/** Evidence packages. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE packages (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      of jsonb NOT NULL,
      state text NOT NULL DEFAULT 'waiting',
      attempts int NOT NULL DEFAULT 0,
      next_try_at timestamptz NOT NULL,
      failure text,
      requested_by text NOT NULL,
      requested_at timestamptz NOT NULL,
      made_at timestamptz,
      entries jsonb NOT NULL DEFAULT '[]',
      manifest_digest text,
      verdict text,
      chains jsonb NOT NULL DEFAULT '[]'
    )`.execute(db);
  await sql`CREATE INDEX packages_waiting ON packages (next_try_at) WHERE state = 'waiting'`.execute(db);
}
