import 'server-only';
import type { Insertable } from 'kysely';
import type { Tx } from '../db/database';
import type { FindingsTable } from '../db/schema';
import type { CatalogRule } from './catalog';
import type { FoundFindings } from './found-findings';
import type { Range } from './range';

const BATCH = 200;

/** A finding, and the ordinals of its records in each chain that holds them. */
export type NewFinding = { row: Insertable<FindingsTable>; chains: ReadonlyMap<string, readonly number[]> };

/**
 * Makes what one rule found over `[from, to)` the findings on record there. One of the same rule, group and start is updated and
 * keeps its status; what the rule no longer finds stays, out of the queue.
 */
export async function writeFindings(
  tx: Tx,
  rule: CatalogRule,
  { from, to }: Range,
  found: FoundFindings,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('findings')
    .set({ superseded_at: now })
    .where('rule_id', '=', rule.id)
    .where('superseded_at', 'is', null)
    .where('window_from', '>=', from)
    .where('window_to', '<=', to)
    .execute();
  await found.insert(tx, rule);
}

/** Inserts findings of one rule, or updates those there are. */
export async function insertFindings(tx: Tx, findings: readonly NewFinding[]): Promise<void> {
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
      .returning(['id', 'group_key', 'window_from'])
      .execute();
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
