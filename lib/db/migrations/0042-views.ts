import { type Kysely, sql } from 'kysely';

/** Searches that were saved under a name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE views (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    workspace_id text NOT NULL,
    owner_id text NOT NULL,
    owner_name text NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    is_shared boolean NOT NULL,
    search jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE UNIQUE INDEX views_name ON views (owner_id, lower(name))`.execute(db);
}
