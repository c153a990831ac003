import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { Rule } from '../schemas/rules';
import type { CatalogRule } from './catalog';

/** When a text looked last, up to which time of records it has, and how often in the last 24 hours, from a full hour on. */
export type Looked = { at: Date; watermark: Date | null; ofDay: number };

const DAY_MS = 24 * 3600_000;

/** By digest. Looks are added up by which rules looked together first: there are few such sets. */
export async function looksOf(
  { db, now }: Context,
  rules: readonly Pick<CatalogRule, 'digest'>[],
): Promise<Map<string, Looked>> {
  const since = new Date(now().getTime() - DAY_MS);
  const { rows } = await sql<Looked & { digest: string }>`
    SELECT s.rule_digest AS digest, max(l.at) AS at, max(l.watermark) AS watermark, coalesce(sum(l.of_day), 0)::bigint AS "ofDay"
    FROM (
      SELECT rule_set, max(looked_at) AS at, max(window_to) AS watermark,
        sum(looks) FILTER (WHERE looked_at >= date_trunc('hour', ${since}::timestamptz, 'UTC')) AS of_day
      FROM rule_looks GROUP BY rule_set
    ) l JOIN rule_sets s ON s.digest = l.rule_set
    WHERE s.rule_digest = ANY(${rules.map(({ digest }) => digest)}::text[]) GROUP BY s.rule_digest`.execute(db);
  return new Map(rows.map(({ digest, ...looked }) => [digest, { ...looked, ofDay: Number(looked.ofDay) }]));
}

/** Records that came and that rules have not looked at yet, and since when the first of their chains waits. */
export async function waitingRecords({ db, now }: Context): Promise<NonNullable<Rule['lag']>> {
  const { rows } = await sql<{ records: number; since: Date | null }>`
    SELECT coalesce(sum(total - seen), 0)::bigint AS records, min(since) AS since
    FROM (
      SELECT greatest(s.records, t.records) AS total, greatest(s.seen, t.searched_records, 0) AS seen,
        coalesce(t.appended_at, (SELECT max(u.received_at) FROM uploads u WHERE u.chain_id = c.id), c.updated_at) AS since
      FROM chains c LEFT JOIN tails t ON t.chain_id = c.id CROSS JOIN LATERAL (
        SELECT coalesce(sum(records), 0)::bigint AS records,
          coalesce(sum(records) FILTER (WHERE loaded_generation <= c.detected_generation), 0)::bigint AS seen
        FROM chain_segments WHERE chain_id = c.id
      ) s
      WHERE c.detected_generation < c.generation OR t.searched_records < t.records
    ) waiting WHERE total > seen`.execute(db);
  const [row] = rows;
  const seconds = row?.since ? Math.max(0, (now().getTime() - row.since.getTime()) / 1000) : 0;
  return { records: Number(row?.records ?? 0), seconds };
}
