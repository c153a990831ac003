import { type Kysely, sql } from 'kysely';

/** Sign-ins that failed lately, by the account that was named. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE sign_in_failures (account_sha256 text NOT NULL, failed_at timestamptz NOT NULL)`.execute(db);
  await sql`CREATE INDEX sign_in_failures_of_account ON sign_in_failures (account_sha256, failed_at)`.execute(db);
}
