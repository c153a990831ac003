import 'server-only';
import { type Insertable, type RawBuilder, sql } from 'kysely';
import { leavePending } from '../db/activity-pending';
import { announceFindings } from '../db/announce';
import type { Context } from '../context';
import type { Tx } from '../db/database';
import type { FindingsTable } from '../db/schema';
import type { CatalogRule } from './catalog';
import type { FoundFindings } from './found-findings';
import type { Range } from './range';
import { hideFound } from './suppressions/hide-found';

const BATCH = 200;
/** Of a finding that was there whether it has more records than it had; null of a new one. */
const GREW = sql<boolean | null>`new.record_count > old.record_count`;

/** A finding, and the ordinals of its records in each chain that holds them. */
export type NewFinding = { row: Insertable<FindingsTable>; chains: ReadonlyMap<string, readonly number[]> };

/**
 * Makes what rules found, each over a `[from, to)` of its own, the findings on record there. One of the same rule, group and start is updated, as is one
 * whose start has moved: it keeps its id, and what people decided about it. What a rule no longer finds stays, out of the queue.
 * Nothing is written of a text that came out of force while it ran. What suppressions hide is hidden from its first moment on.
 */
export async function writeFindings(
  ctx: Pick<Context, 'lake' | 'log' | 'hasher'>,
  tx: Tx,
  looked: ReadonlyMap<CatalogRule, Range>,
  found: FoundFindings,
  now: Date,
): Promise<void> {
  const outOfForce = await out(tx, [...looked.keys()]);
  const inForce = [...looked].filter(([{ id }]) => !outOfForce.has(id));
  const changed = await supersede(tx, inForce, now);
  // Most looks find nothing where nothing was.
  for (const [rule, range] of inForce) {
    if (!changed.has(rule.id) && !found.has(rule)) continue;
    await found.insert(tx, rule, now);
    await hideFound(ctx, tx, rule.id, range);
  }
}

/** The ids of those that are disabled, or have another text by now. */
async function out(tx: Tx, rules: readonly CatalogRule[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    SELECT asked.id FROM unnest(${rules.map(({ id }) => id)}::text[], ${rules.map(({ digest }) => digest)}::text[]) AS asked (id, digest)
    WHERE EXISTS (SELECT FROM rule_settings WHERE rule_id = asked.id AND NOT is_enabled) OR EXISTS (
      SELECT FROM own_rules r JOIN rule_versions v ON v.rule_id = r.id AND v.version = r.version
      WHERE r.id = asked.id AND v.digest <> asked.digest)`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** Takes what rules found in their time until now out of the queue. Gives the ids of those that had found something there. */
async function supersede(tx: Tx, looked: readonly (readonly [CatalogRule, Range])[], now: Date): Promise<Set<string>> {
  const { rows } = await sql<{ rule_id: string }>`
    WITH before AS (
      UPDATE findings f SET superseded_at = ${now}
      FROM unnest(${looked.map(([{ id }]) => id)}::text[], ${looked.map(([, { from }]) => from)}::timestamptz[], ${looked.map(([, { to }]) => to)}::timestamptz[])
        AS looked (rule_id, starts, ends)
      WHERE f.rule_id = looked.rule_id AND f.superseded_at IS NULL AND f.window_from >= looked.starts AND f.window_to <= looked.ends
      RETURNING f.rule_id
    ) SELECT DISTINCT rule_id FROM before`.execute(tx);
  return new Set(rows.map(({ rule_id: id }) => id));
}

/**
 * Gives findings of a rule that were found until now, and are found again with another start, that start: a record came late that belongs before them,
 * or one of theirs is gone. `keys` are the `group_key`, `window_from` and `window_to` of all that is found now; one finding becomes one at most, that
 * whose windows meet, the earliest first, those before others that somebody did something about.
 */
export async function moveFindings(tx: Tx, ruleId: string, now: Date, keys: RawBuilder<unknown>): Promise<void> {
  await sql`
    WITH found AS (${keys}), meeting AS (
      SELECT DISTINCT ON (n.group_key, n.window_from) f.id, n.window_from
      FROM found n JOIN findings f ON f.rule_id = ${ruleId} AND f.group_key = n.group_key
      WHERE f.superseded_at = ${now} AND f.window_from < n.window_to AND f.window_to > n.window_from
        AND NOT EXISTS (SELECT FROM findings k WHERE k.rule_id = ${ruleId} AND k.group_key = n.group_key AND k.window_from = n.window_from)
        AND NOT EXISTS (SELECT FROM found m WHERE m.group_key = f.group_key AND m.window_from = f.window_from)
      ORDER BY n.group_key, n.window_from, NOT EXISTS (SELECT FROM finding_acts a WHERE a.finding_id = f.id), f.window_from
    ), moved AS (SELECT DISTINCT ON (id) id, window_from FROM meeting ORDER BY id, window_from)
    UPDATE findings f SET window_from = moved.window_from FROM moved WHERE f.id = moved.id`.execute(tx);
}

/** Inserts findings of one rule, or updates those there are; those that are new or grew are announced. */
export async function insertFindings(tx: Tx, findings: readonly NewFinding[], now: Date): Promise<void> {
  for (let at = 0; at < findings.length; at += BATCH) {
    const batch = findings.slice(at, at + BATCH);
    const rows = await tx
      .insertInto('findings')
      .values(batch.map(({ row }) => row))
      .onConflict((conflict) =>
        conflict.columns(['rule_id', 'group_key', 'window_from']).doUpdateSet(({ ref }) => ({
          rule_digest: ref('excluded.rule_digest'),
          rule_yaml: ref('excluded.rule_yaml'),
          title: ref('excluded.title'),
          level: ref('excluded.level'),
          window_to: ref('excluded.window_to'),
          measures: ref('excluded.measures'),
          record_count: ref('excluded.record_count'),
          records: ref('excluded.records'),
          superseded_at: null,
        })),
      )
      .returning(['id', 'group_key', 'window_from', GREW.as('grew')])
      .execute();
    await announceFindings(
      tx,
      rows.filter(({ grew }) => grew !== false),
      now,
    );
    const raised = rows.flatMap(({ id, grew }) => (grew === null ? [id] : []));
    await leavePending(tx, 'rule.find', batch[0]?.row.rule_id ?? '', raised);
    const ids = new Map(rows.map(({ id, group_key, window_from }) => [`${group_key} ${window_from.getTime()}`, id]));
    await tx
      .deleteFrom('finding_chains')
      .where('finding_id', 'in', [...ids.values()])
      .execute();
    const links = batch.flatMap(({ row, chains }) => {
      const finding_id = ids.get(`${row.group_key} ${new Date(row.window_from).getTime()}`);
      return finding_id
        ? [...chains].map(([chain_id, ordinals]) => ({ finding_id, chain_id, ordinals: JSON.stringify(ordinals) }))
        : [];
    });
    if (links.length > 0) await tx.insertInto('finding_chains').values(links).execute();
  }
}
