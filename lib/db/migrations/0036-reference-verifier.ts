import { type Kysely, sql } from 'kysely';

/** What the tool's own verifier says, and how the bytes of an upload were encoded when they were received, were both called original. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE chains RENAME COLUMN original TO reference_verifier`.execute(db);
  for (const what of ['encoding', 'sha256', 'size_bytes'])
    await sql`ALTER TABLE uploads RENAME COLUMN ${sql.ref(`original_${what}`)} TO ${sql.ref(`received_${what}`)}`.execute(
      db,
    );
  await sql`UPDATE job_failures SET kind = 'follow-reference' WHERE kind = 'follow-original'`.execute(db);
}
