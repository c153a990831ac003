import { type Kysely, sql } from 'kysely';

/** Digests and seals of what is open, so that it is held against something when it is read. What was open before has no seal until it is closed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE tail_pieces ADD COLUMN sha256 bytea, ADD COLUMN seal bytea`.execute(db);
  await sql`UPDATE tail_pieces SET sha256 = sha256(bytes)`.execute(db);
  await sql`ALTER TABLE tail_pieces ALTER COLUMN sha256 SET NOT NULL`.execute(db);
  await sql`ALTER TABLE tails ADD COLUMN seal_key text, ADD COLUMN seal bytea`.execute(db);
}
