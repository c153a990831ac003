import { type Kysely, sql } from 'kysely';

/** Every look of rules at records, also those that found nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE rule_sets (
    digest text NOT NULL,
    rule_digest text NOT NULL,
    rule_id text NOT NULL,
    PRIMARY KEY (digest, rule_digest)
  )`.execute(db);
  await sql`CREATE INDEX rule_sets_rule ON rule_sets (rule_id)`.execute(db);
  await sql`CREATE TABLE rule_looks (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    rule_set text NOT NULL,
    how text NOT NULL CHECK (how IN ('appended', 'chain', 'backfill', 'chains')),
    looks bigint NOT NULL,
    first_looked_at timestamptz NOT NULL,
    looked_at timestamptz NOT NULL,
    window_from timestamptz,
    window_to timestamptz,
    chains bigint,
    records bigint NOT NULL,
    elapsed_ms bigint NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX rule_looks_newest ON rule_looks (looked_at DESC, id DESC)`.execute(db);
  await sql`CREATE INDEX rule_looks_set ON rule_looks (rule_set, looked_at DESC)`.execute(db);
  await sql`CREATE TABLE rule_look_results (
    look_id uuid NOT NULL REFERENCES rule_looks ON DELETE CASCADE,
    rule_digest text NOT NULL,
    ran bigint NOT NULL,
    unable bigint NOT NULL,
    failed bigint NOT NULL,
    findings bigint NOT NULL,
    elapsed_ms bigint NOT NULL,
    PRIMARY KEY (look_id, rule_digest)
  )`.execute(db);
}
