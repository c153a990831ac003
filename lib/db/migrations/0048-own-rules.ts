import { type Kysely, sql } from 'kysely';

/** Rules that people wrote, every text they ever had, and which rules run, shipped ones too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE own_rules (
    id text PRIMARY KEY,
    version integer NOT NULL CHECK (version > 0)
  )`.execute(db);
  await sql`CREATE UNIQUE INDEX own_rules_id ON own_rules (lower(id))`.execute(db);
  await sql`CREATE TABLE rule_versions (
    rule_id text NOT NULL REFERENCES own_rules (id),
    version integer NOT NULL CHECK (version > 0),
    digest text NOT NULL,
    yaml text NOT NULL,
    title text NOT NULL,
    saved_by_id text NOT NULL,
    saved_by text NOT NULL,
    saved_at timestamptz NOT NULL,
    note text,
    PRIMARY KEY (rule_id, version)
  )`.execute(db);
  await sql`CREATE TABLE rule_settings (
    rule_id text PRIMARY KEY,
    is_enabled boolean NOT NULL,
    changed_by_id text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
  )`.execute(db);
}
