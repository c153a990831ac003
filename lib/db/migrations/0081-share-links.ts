import { type Kysely, sql } from 'kysely';

/** Links by which somebody without an account reads one kept report or one evidence package, for a while. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE share_links (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    token_sha256 text NOT NULL UNIQUE,
    of_kind text NOT NULL CHECK (of_kind IN ('report-run', 'package')),
    of_id uuid NOT NULL,
    note text,
    created_by text NOT NULL,
    created_by_id text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_by text,
    revoked_at timestamptz,
    opens int NOT NULL DEFAULT 0,
    downloads int NOT NULL DEFAULT 0,
    last_used_at timestamptz
  )`.execute(db);
  await sql`CREATE INDEX share_links_of ON share_links (of_kind, of_id, id)`.execute(db);
}
