import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import { leavingPending } from '../db/activity-pending';
import { announcing } from '../db/announce';
import type { Db, Tx } from '../db/database';
import type { CatalogRule } from './catalog';
import { type NewFinding, insertFindings, moveFindings } from './write-findings';

/** Findings, and records they cite, that are held in memory. */
const MOST_HELD = 200;
const MOST_HELD_RECORDS = 10_000;

const TABLE = sql.table('found_findings');

/**
 * What rules find, until it is written: a few findings in memory, and where there are more a table that only this connection sees. So a rule that finds
 * much takes little memory, and chains are locked for as long as it takes to copy rows and no longer.
 */
export class FoundFindings {
  #isTable = false;
  #under: Promise<void> = Promise.resolve();
  readonly #held = new Map<CatalogRule, { findings: NewFinding[]; records: number }>();

  /** Of one connection. */
  constructor(private readonly db: Db) {}

  async add(rule: CatalogRule, finding: NewFinding): Promise<void> {
    const held = this.#held.get(rule) ?? { findings: [], records: 0 };
    this.#held.set(rule, held);
    held.findings.push(finding);
    held.records += finding.row.record_count;
    if (held.findings.length < MOST_HELD && held.records < MOST_HELD_RECORDS) return;
    this.#held.delete(rule);
    await this.#under;
    this.#under = this.#store(rule, held.findings);
    this.#under.catch(() => undefined); // told where it is awaited
  }

  /** Whether a rule may have found something. */
  has(rule: CatalogRule): boolean {
    return this.#isTable || this.#held.has(rule);
  }

  /** Forgets what a rule found: it is run again. */
  async forget(rule: CatalogRule): Promise<void> {
    this.#held.delete(rule);
    await this.#under;
    if (this.#isTable) await sql`DELETE FROM ${TABLE} WHERE rule_id = ${rule.id}`.execute(this.db);
  }

  /** A transaction that can insert what was found. */
  async transaction<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
    // It has the connection for itself.
    await this.#under;
    return this.db.transaction().execute(run);
  }

  /** Inserts what a rule found, or updates what was found before, until `now`. In a transaction of this. */
  async insert(tx: Tx, rule: CatalogRule, now: Date): Promise<void> {
    const held = this.#held.get(rule)?.findings ?? [];
    if (held.length > 0 || this.#isTable) await moveFindings(tx, rule.id, now, this.#keys(rule, held));
    if (this.#isTable) await insertStored(tx, rule, now);
    await insertFindings(tx, held, now);
  }

  #keys(rule: CatalogRule, held: readonly NewFinding[]): RawBuilder<unknown> {
    const inMemory = sql`SELECT * FROM unnest(${held.map(({ row }) => row.group_key)}::text[], ${held.map(({ row }) => row.window_from)}::timestamptz[],
      ${held.map(({ row }) => row.window_to)}::timestamptz[]) AS held (group_key, window_from, window_to)`;
    return this.#isTable
      ? sql`${inMemory} UNION ALL SELECT group_key, window_from, window_to FROM ${TABLE} WHERE rule_id = ${rule.id}`
      : inMemory;
  }

  async end(): Promise<void> {
    await this.#under;
    if (this.#isTable) await sql`DROP TABLE ${TABLE}`.execute(this.db);
    this.#isTable = false;
  }

  async #store(rule: CatalogRule, findings: readonly NewFinding[]): Promise<void> {
    if (!this.#isTable) {
      // One that failed may have left its own.
      await sql`DROP TABLE IF EXISTS pg_temp.found_findings`.execute(this.db);
      await sql`CREATE TEMPORARY TABLE found_findings (rule_id text, title text, level text, group_key text, group_values jsonb, window_from timestamptz, window_to timestamptz,
        measures jsonb, record_count int, records jsonb, chains jsonb)`.execute(this.db);
      this.#isTable = true;
    }
    const rows = findings.map(
      ({ row, chains }) =>
        sql`(${rule.id}, ${row.title}, ${row.level}, ${row.group_key}, ${row.group_values}::jsonb, ${row.window_from}::timestamptz, ${row.window_to}::timestamptz,
          ${row.measures}::jsonb, ${row.record_count}::int, ${row.records}::jsonb, ${JSON.stringify(Object.fromEntries(chains))}::jsonb)`,
    );
    await sql`INSERT INTO ${TABLE} VALUES ${sql.join(rows)}`.execute(this.db);
  }
}

async function insertStored(tx: Tx, { id, digest, yaml }: CatalogRule, now: Date): Promise<void> {
  const written = sql`INSERT INTO findings (rule_id, rule_digest, rule_yaml, title, level, group_key, group_values, window_from, window_to, measures, record_count, records)
    SELECT rule_id, ${digest}, ${yaml}, title, level, group_key, group_values, window_from, window_to, measures, record_count, records
    FROM ${TABLE} WHERE rule_id = ${id}
    ON CONFLICT (rule_id, group_key, window_from) DO UPDATE SET rule_digest = excluded.rule_digest, rule_yaml = excluded.rule_yaml,
      title = excluded.title, level = excluded.level, window_to = excluded.window_to, measures = excluded.measures,
      record_count = excluded.record_count, records = excluded.records, superseded_at = NULL
    RETURNING new.id, new.record_count > old.record_count AS grew`;
  const raised = leavingPending('rule.find', sql`SELECT ${id}::text, id::text FROM written WHERE grew IS NULL`);
  await sql`WITH written AS (${written}), raised AS (${raised}) ${announcing(sql`SELECT id, grew FROM written WHERE grew IS NOT FALSE`, now)}`.execute(
    tx,
  );
  await sql`DELETE FROM finding_chains c USING ${TABLE} n, findings f
    WHERE n.rule_id = ${id} AND (f.rule_id, f.group_key, f.window_from) = (n.rule_id, n.group_key, n.window_from) AND c.finding_id = f.id`.execute(
    tx,
  );
  await sql`INSERT INTO finding_chains (finding_id, chain_id, ordinals)
    SELECT f.id, c.key::uuid, c.value FROM ${TABLE} n JOIN findings f USING (rule_id, group_key, window_from) CROSS JOIN jsonb_each(n.chains) c
    WHERE n.rule_id = ${id}`.execute(tx);
}
