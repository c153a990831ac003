import { type Kysely, sql } from 'kysely';

/** Who is told of what, what there is to tell, and how telling it went. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE notification_destinations (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    workspace_id text NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    kind text NOT NULL CHECK (kind IN ('webhook', 'slack', 'email')),
    address text NOT NULL,
    sealed text NOT NULL,
    filter jsonb NOT NULL,
    is_enabled boolean NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    failures int NOT NULL DEFAULT 0,
    failing_since timestamptz,
    failure text,
    next_try_at timestamptz,
    sent_at timestamptz
  )`.execute(db);
  await sql`CREATE UNIQUE INDEX notification_destinations_name ON notification_destinations (workspace_id, lower(name))`.execute(
    db,
  );
  await sql`CREATE TABLE notification_events (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    kind text NOT NULL,
    subject_id text NOT NULL,
    facts jsonb NOT NULL,
    at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE TABLE notification_deliveries (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    destination_id uuid NOT NULL REFERENCES notification_destinations ON DELETE CASCADE,
    key text NOT NULL,
    kind text NOT NULL,
    subject_id text NOT NULL,
    rule_id text,
    title text NOT NULL,
    facts jsonb NOT NULL,
    count int NOT NULL DEFAULT 1,
    message jsonb,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    tries jsonb NOT NULL DEFAULT '[]',
    next_try_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    give_up_at timestamptz NOT NULL,
    ended_at timestamptz,
    UNIQUE (destination_id, key)
  )`.execute(db);
  await sql`CREATE INDEX notification_deliveries_due ON notification_deliveries (next_try_at) WHERE state = 'waiting'`.execute(
    db,
  );
  await sql`CREATE INDEX notification_deliveries_recent ON notification_deliveries (destination_id, created_at)`.execute(
    db,
  );
  await sql`CREATE TABLE announced_verdicts (
    chain_id uuid PRIMARY KEY REFERENCES chains ON DELETE CASCADE,
    verdict text NOT NULL
  )`.execute(db);
  await sql`INSERT INTO announced_verdicts (chain_id, verdict)
    SELECT id, verdict FROM chains WHERE verdict IN ('tampered', 'forked', 'truncated', 'gap', 'corrupt')`.execute(db);
}
