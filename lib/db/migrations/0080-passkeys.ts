import { type Kysely, sql } from 'kysely';

/** Keys that people sign in with (WebAuthn), and challenges that were answered, which none answers again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE passkeys (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    credential_id text NOT NULL UNIQUE,
    person_id text NOT NULL,
    name text NOT NULL,
    public_key bytea NOT NULL,
    counter bigint NOT NULL,
    transports text[] NOT NULL,
    is_backed_up boolean NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    refused_at timestamptz
  )`.execute(db);
  await sql`CREATE INDEX passkeys_person ON passkeys (person_id)`.execute(db);
  await sql`CREATE TABLE answered_challenges (
    challenge_sha256 text PRIMARY KEY,
    answered_at timestamptz NOT NULL
  )`.execute(db);
}
