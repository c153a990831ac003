import { type Kysely, sql } from 'kysely';

/** Sigma filters that hide findings until they expire, and which findings each of them leaves too few records of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE suppressions (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version int NOT NULL CHECK (version > 0),
    replaces_id uuid UNIQUE REFERENCES suppressions,
    title text NOT NULL CHECK (title <> ''),
    reason text NOT NULL CHECK (reason <> ''),
    yaml text NOT NULL,
    digest text NOT NULL,
    rule_ids text[] NOT NULL CHECK (cardinality(rule_ids) > 0),
    expires_at timestamptz NOT NULL,
    created_by_id text NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_by_id text,
    ended_by text,
    ended_at timestamptz
  )`.execute(db);
  await sql`CREATE INDEX suppressions_open ON suppressions (expires_at) WHERE ended_at IS NULL`.execute(db);
  await sql`CREATE TABLE suppressed_findings (
    finding_id uuid NOT NULL REFERENCES findings ON DELETE CASCADE,
    suppression_id uuid NOT NULL REFERENCES suppressions,
    left_out int NOT NULL,
    PRIMARY KEY (finding_id, suppression_id)
  )`.execute(db);
  await sql`CREATE INDEX suppressed_findings_by ON suppressed_findings (suppression_id)`.execute(db);
}
