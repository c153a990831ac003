import { type Kysely, sql } from 'kysely';

/** People have one of three roles. Whoever could sign in before could do everything. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The tables of better-auth are made after this where there were none.
  const { rows } = await sql<{ user: string | null }>`SELECT to_regclass('"user"')::text AS "user"`.execute(db);
  if (rows[0]?.user) await sql`UPDATE "user" SET role = 'administrator'`.execute(db);
}
