import { type Kysely, sql } from 'kysely';

/** A second factor at sign-in: the secret of an authenticator app, sealed, and codes to come back by without it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE totp_secrets (
    person_id text PRIMARY KEY,
    secret_sealed text NOT NULL,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    last_step int NOT NULL DEFAULT 0
  )`.execute(db);
  await sql`CREATE TABLE recovery_codes (
    person_id text NOT NULL,
    code_sha256 text NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (person_id, code_sha256)
  )`.execute(db);
  await sql`CREATE TABLE access_policy (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    requires_second_factor boolean NOT NULL,
    changed_by text NOT NULL,
    changed_by_id text NOT NULL,
    changed_at timestamptz NOT NULL
  )`.execute(db);
}
