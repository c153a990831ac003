import { type Kysely, sql } from 'kysely';

/** Rules look again where others found something while they looked. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE rule_looks DROP CONSTRAINT rule_looks_how_check,
    ADD CONSTRAINT rule_looks_how_check CHECK (how IN ('appended', 'chain', 'backfill', 'again', 'chains'))`.execute(
    db,
  );
}
