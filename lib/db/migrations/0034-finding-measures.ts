import { type Kysely, sql } from 'kysely';

/** What a finding states is the matter of its rule's kind. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE findings ADD COLUMN measures jsonb`.execute(db);
  await sql`
    UPDATE findings SET measures = CASE WHEN rule_id = 'sealtrail.evidence' THEN '{"kind": "evidence"}'::jsonb
      ELSE jsonb_build_object('kind', 'event_count', 'count', peak, 'threshold', threshold, 'timespan', timespan) END`.execute(
    db,
  );
  await sql`ALTER TABLE findings ALTER COLUMN measures SET NOT NULL, DROP COLUMN peak, DROP COLUMN threshold, DROP COLUMN timespan`.execute(
    db,
  );
}
