import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { CatalogRule } from './catalog';

/** Adds what running rules took, each once. */
export async function addCosts({ db }: Context, tookMs: ReadonlyMap<CatalogRule, number>): Promise<void> {
  if (tookMs.size === 0) return;
  const rules = [...tookMs].toSorted(([a], [b]) => (a.digest < b.digest ? -1 : 1));
  await sql`INSERT INTO rule_costs (rule_digest, runs, elapsed_ms)
    SELECT took.digest, 1, took.ms FROM unnest(${rules.map(([{ digest }]) => digest)}::text[], ${rules.map(([, ms]) => Math.round(ms))}::bigint[]) AS took (digest, ms)
    ON CONFLICT (rule_digest) DO UPDATE SET runs = rule_costs.runs + 1, elapsed_ms = rule_costs.elapsed_ms + excluded.elapsed_ms`.execute(
    db,
  );
}

/** What a run of each text took on average, in milliseconds. */
export async function costsOf({ db }: Context, digests: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ digest: string; ms: number }>`
    SELECT rule_digest AS digest, (elapsed_ms::float8 / runs) AS ms FROM rule_costs WHERE rule_digest = ANY(${digests}::text[])`.execute(
    db,
  );
  return new Map(rows.map(({ digest, ms }) => [digest, ms]));
}
