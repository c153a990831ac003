import { type RawBuilder, sql } from 'kysely';
import { last } from '../last-action';

type Stated = { row: string; state: object; digest: string | null };

/** What something is set to, and the digest of it that the last action says; null where it says none. */
export const STATES: readonly (readonly [table: string, stated: RawBuilder<Stated>])[] = [
  [
    'views',
    sql`
    SELECT t.id::text AS row, jsonb_build_object('name', t.name, 'isShared', t.is_shared, 'search', t.search) AS state, a.details->>'stateSha256' AS digest
    FROM views t JOIN LATERAL ${last('view', sql`t.id`, ['view.create', 'view.change'])} AS a ON true`,
  ],
  [
    'cases',
    sql`
    SELECT t.id::text AS row, jsonb_build_object('title', t.title, 'status', t.status, 'ownerId', t.owner_id,
      'findingIds', (SELECT coalesce(jsonb_agg(finding_id ORDER BY finding_id), '[]') FROM case_findings WHERE case_id = t.id)) AS state, a.details->>'stateSha256' AS digest
    FROM cases t JOIN LATERAL ${last('case', sql`t.id`, ['case.create', 'case.change', 'case.note', 'case.gather'])} AS a ON true`,
  ],
  [
    'report_definitions',
    sql`
    SELECT t.id::text AS row, jsonb_build_object('name', t.name, 'content', t.content, 'schedule', t.schedule, 'isPaused', t.is_paused) AS state, a.details->>'stateSha256' AS digest
    FROM report_definitions t JOIN LATERAL ${last('report-definition', sql`t.id`, ['report-definition.create', 'report-definition.change'])} AS a ON true`,
  ],
];
