import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { Covered } from './covered';
import type { Level } from '../core/rules/rule';

/** Findings a statement lists; `byRule` counts them all. */
const MAX_LISTED = 1_000;
const PAGE = 1_000;

export type CoveredFindings = {
  byRule: ReadonlyMap<string, { count: number; levels: ReadonlySet<Level> }>;
  /** The first by the beginning of their windows, each with those of its records that are covered. */
  listed: readonly Row[];
};
type Row = Awaited<ReturnType<typeof page>>[number];

/** Findings of a chain that rest on at least one record covered. */
export async function findingsIn(
  ctx: Context,
  chainId: string,
  { first, last, picked }: Pick<Covered<never>, 'first' | 'last' | 'picked'>,
): Promise<CoveredFindings> {
  const byRule = new Map<string, { count: number; levels: Set<Level> }>();
  const listed: Row[] = [];
  for (let rows: Row[] | null = null; rows === null || rows.length === PAGE; ) {
    rows = await page(ctx, chainId, rows?.at(-1)?.id);
    for (const finding of rows) {
      const ordinals = finding.ordinals.filter(
        (ordinal) => ordinal >= first && ordinal <= last && (picked?.has(ordinal) ?? true),
      );
      if (ordinals.length === 0) continue;
      const ofRule = byRule.get(finding.rule_id) ?? { count: 0, levels: new Set<Level>() };
      byRule.set(finding.rule_id, { count: ofRule.count + 1, levels: ofRule.levels.add(finding.level) });
      if (listed.length < MAX_LISTED) listed.push({ ...finding, ordinals });
    }
  }
  return { byRule, listed };
}

/** Those behind one of them. */
function page(ctx: Context, chainId: string, after: string | undefined) {
  return ctx.db
    .selectFrom('findings as f')
    .innerJoin('finding_chains as c', 'c.finding_id', 'f.id')
    .where('c.chain_id', '=', chainId)
    .where('f.superseded_at', 'is', null)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(f.window_from, f.rule_id, f.group_key) > (SELECT window_from, rule_id, group_key FROM findings WHERE id = ${after ?? ''}::uuid)`,
      ),
    )
    .select(['f.id', 'f.rule_id', 'f.level', 'f.window_from', 'f.window_to', 'f.record_count', 'c.ordinals'])
    .orderBy('f.window_from')
    .orderBy('f.rule_id')
    .orderBy('f.group_key')
    .limit(PAGE)
    .execute();
}
