import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { isFleetFinding } from '../db/of-fleet';
import { isHidden } from '../db/suppressed';
import type { Period } from '../schemas/common';
import type { TriageTimes } from '../schemas/triage';

/** How long findings that stand and that nothing hides, found in a period, waited until they were taken up, and until they were decided. */
export async function triageTimes({ db }: Context, { from, to }: Period): Promise<TriageTimes> {
  const { rows } = await sql<{
    found: number;
    acknowledged: number;
    acknowledged_mean: number | null;
    acknowledged_median: number | null;
    decided: number;
    decided_mean: number | null;
    decided_median: number | null;
  }>`
    SELECT count(*)::int AS found, count(a)::int AS acknowledged, avg(a)::float8 AS acknowledged_mean,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY a) AS acknowledged_median,
      count(d)::int AS decided, avg(d)::float8 AS decided_mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY d) AS decided_median
    FROM (
      SELECT CASE WHEN acknowledged_at IS NOT NULL THEN greatest(0, extract(epoch FROM acknowledged_at - found_at))::float8 END AS a,
        CASE WHEN decided_at IS NOT NULL THEN greatest(0, extract(epoch FROM decided_at - found_at))::float8 END AS d
      FROM findings WHERE superseded_at IS NULL AND ${isFleetFinding('findings.id')} AND NOT ${isHidden('findings')} AND found_at >= ${new Date(from)} AND found_at < ${new Date(to)}
    ) AS waited`.execute(db);
  const [row] = rows;
  return {
    found: row?.found ?? 0,
    acknowledged: {
      findings: row?.acknowledged ?? 0,
      meanSeconds: row?.acknowledged_mean ?? null,
      medianSeconds: row?.acknowledged_median ?? null,
    },
    decided: {
      findings: row?.decided ?? 0,
      meanSeconds: row?.decided_mean ?? null,
      medianSeconds: row?.decided_median ?? null,
    },
  };
}
