import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { LEVELS } from '../core/rules/rule';
import { FindingStatus } from '../schemas/findings';
import { MOST_COUNTED, type Rule, type RuleDetail } from '../schemas/rules';
import type { z } from 'zod';
import { type CatalogRule, catalog } from './catalog';

/** Every rule with when it ran last and what it found, worst first, then by title. */
export async function listRules(ctx: Context): Promise<{ items: Rule[] }> {
  const rules = await catalog(ctx);
  const [ran, counts] = await Promise.all([lastRuns(ctx, rules), findingsByStatus(ctx, rules)]);
  const items = rules.map((rule) => summary(rule, ran.get(rule.digest) ?? null, counts));
  return {
    items: items.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || (a.title < b.title ? -1 : 1)),
  };
}

/** @throws AppError NOT_FOUND. */
export async function getRule(ctx: Context, { ruleId }: { ruleId: string }): Promise<RuleDetail> {
  const rule = (await catalog(ctx)).find(({ id }) => id === ruleId);
  if (!rule) throw new AppError('NOT_FOUND', 'no rule has this id', { ruleId });
  const [ran, counts] = await Promise.all([lastRuns(ctx, [rule]), findingsByStatus(ctx, [rule])]);
  const { falsePositives, references, runbook, yaml } = rule;
  return { ...summary(rule, ran.get(rule.digest) ?? null, counts), falsePositives, references, runbook, yaml };
}

const NONE: Rule['findings'] = { open: 0, acknowledged: 0, closed: 0 };
type Counts = ReadonlyMap<string, Rule['findings']>;

function summary(rule: CatalogRule, ranAt: Date | null, counts: Counts): Rule {
  const { id, title, level, status, description, atlas, owasp, digest, correlation, bases } = rule;
  return {
    id,
    title,
    level,
    status,
    description,
    kind: bases[0]?.id === id ? 'record' : correlation.type,
    timespan: correlation.timespan,
    groupBy: correlation.groupBy,
    atlas,
    owasp,
    digest,
    lastRunAt: ranAt?.toISOString() ?? null,
    findings: counts.get(id) ?? NONE,
  };
}

async function lastRuns(ctx: Context, rules: readonly CatalogRule[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ digest: string; ran_at: Date }>`
    SELECT rule.digest, last.ran_at FROM unnest(${rules.map(({ digest }) => digest)}::text[]) AS rule (digest)
      CROSS JOIN LATERAL (
        SELECT ran_at FROM rule_runs r WHERE r.rule_digest = rule.digest ORDER BY ran_at DESC LIMIT 1
      ) AS last`.execute(ctx.db);
  return new Map(rows.map(({ digest, ran_at: at }) => [digest, at]));
}

async function findingsByStatus(ctx: Context, rules: readonly CatalogRule[]): Promise<Counts> {
  const { rows } = await sql<{ id: string; status: z.output<typeof FindingStatus>; count: number }>`
    SELECT rule.id, kept.status, counted.count::int FROM unnest(${rules.map(({ id }) => id)}::text[]) AS rule (id)
      CROSS JOIN unnest(${FindingStatus.options}::text[]) AS kept (status)
      CROSS JOIN LATERAL (
        SELECT count(*) FROM (
          SELECT FROM findings f
          WHERE f.superseded_at IS NULL AND f.rule_id = rule.id AND f.status = kept.status LIMIT ${MOST_COUNTED}
        ) AS matching
      ) AS counted`.execute(ctx.db);
  const counts = new Map<string, Rule['findings']>();
  for (const { id, status, count } of rows) counts.set(id, { ...(counts.get(id) ?? NONE), [status]: count });
  return counts;
}
