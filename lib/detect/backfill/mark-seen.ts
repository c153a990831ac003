import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { lockUntilCommit } from '../../db/lock';
import type { CatalogRule } from '../catalog';
import type { Range } from '../range';
import { findingsAbout, writeRuns } from '../rule-runs';

/** Chains of one transaction. */
const BATCH = 200;

type Rest = { id: string; generation: number; records: number };

/** Notes of every chain at rest that states times and that the rule has not seen as it stands, that it has: what was before was looked at. */
export async function markSeen(ctx: Context, rule: CatalogRule, range: Range | null): Promise<void> {
  if (!range) return;
  while ((await markSome(ctx, rule, range)) === BATCH);
}

function markSome(ctx: Context, rule: CatalogRule, window: Range): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'findings', '');
    const { rows } = await sql<Rest>`
      SELECT c.id, c.generation, (SELECT coalesce(sum(s.records), 0)::bigint FROM chain_segments s WHERE s.chain_id = c.id) AS records
      FROM chains c
      WHERE c.detected_generation = c.generation AND c.generation > 0 AND c.first_recorded_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM rule_runs r WHERE r.chain_id = c.id AND r.generation = c.generation AND r.rule_digest = ${rule.digest})
      ORDER BY c.id LIMIT ${BATCH} FOR SHARE OF c`.execute(tx);
    const about = await findingsAbout(
      tx,
      [rule],
      rows.map(({ id }) => id),
    );
    const runs = rows.map(({ id, generation, records }) => ({
      rule,
      chainId: id,
      generation,
      records,
      window,
      findings: about.get(`${rule.id} ${id}`) ?? 0,
    }));
    await writeRuns(tx, runs, ctx.now());
    return rows.length;
  });
}
