import { type Kysely, sql } from 'kysely';

/** People come in, and set a password, by links that are good once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE access_links (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_sha256 text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('invitation', 'password')),
    email text NOT NULL,
    role text CHECK (role IN ('administrator', 'analyst', 'auditor')),
    person_id text,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((kind = 'invitation') = (role IS NOT NULL)),
    CHECK ((kind = 'password') = (person_id IS NOT NULL))
  )`.execute(db);
  await sql`CREATE INDEX access_links_open ON access_links (created_at) WHERE ended_at IS NULL`.execute(db);
  await sql`CREATE INDEX audit_log_sign_ins ON audit_log (actor_id, id) WHERE action = 'person.sign-in'`.execute(db);
}
