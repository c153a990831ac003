import { type Kysely, sql } from 'kysely';

/** What forwarders tell of the logs they follow: how far they are behind, what happened to a log, and the logs a worker follows itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE tails ADD COLUMN lag_bytes bigint`.execute(db);
  await sql`
    CREATE TABLE tail_alarms (
      id uuid PRIMARY KEY,
      chain_id uuid NOT NULL REFERENCES chains,
      kind text NOT NULL,
      at_byte bigint NOT NULL,
      detail text NOT NULL,
      raised_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL,
      received_by text NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX tail_alarms_chain ON tail_alarms (chain_id, received_at)`.execute(db);
  await sql`
    CREATE TABLE watched_logs (
      host text NOT NULL,
      log text NOT NULL,
      chain text NOT NULL,
      phase text NOT NULL,
      message text,
      lag_bytes bigint NOT NULL,
      seen_at timestamptz NOT NULL,
      PRIMARY KEY (host, log)
    )`.execute(db);
}
