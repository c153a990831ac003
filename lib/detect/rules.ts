import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { LEVELS } from '../core/rules/rule';
import { isHidden } from '../db/suppressed';
import { isFleetFinding } from '../db/of-fleet';
import { MOST_COUNTED } from '../schemas/most-counted';
import type { Rule, RuleDetail, RuleList } from '../schemas/rules';
import { FindingStatus } from '../schemas/triage';
import type { z } from 'zod';
import type { CatalogRule } from './catalog';
import { type InstalledIntegrityRule, type InstalledRule, installedRules } from './installed-rules';
import { CHAINS_EVERY_MS } from './integrity-rules';
import { type Looked, looksOf, waitingRecords } from './looked';
import { costsOf } from './rule-costs';
import { shapeOf } from './rule-shape';

/** Every rule with when it ran last and what it found, worst first, then by title; and those that are not read. */
export async function listRules(ctx: Context): Promise<RuleList> {
  const { rules: ofRecords, aboutChains, stuck } = await installedRules(ctx);
  const rules = [...ofRecords, ...aboutChains];
  const texts = rules.map(({ rule }) => rule);
  const about = await aboutRules(ctx, texts);
  const items = rules.map((installed) => summary(installed, about));
  return {
    items: items.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || (a.title < b.title ? -1 : 1)),
    stuck: stuck.map(({ id, title, isEnabled, own, reason }) => ({
      id,
      title,
      isEnabled,
      version: own.version,
      reason,
    })),
  };
}

/** @throws AppError NOT_FOUND; CONFLICT for a rule of one's own whose text is not read, with the place. */
export async function getRule(ctx: Context, { ruleId }: { ruleId: string }): Promise<RuleDetail> {
  const { rules, aboutChains, stuck } = await installedRules(ctx);
  const installed = [...rules, ...aboutChains].find(({ rule }) => rule.id === ruleId);
  if (!installed) {
    const reason = stuck.find(({ id }) => id === ruleId)?.reason;
    if (reason)
      throw new AppError('CONFLICT', `this rule is not read: line ${reason.line}: ${reason.message}`, {
        ruleId,
        line: reason.line,
        column: reason.column,
      });
    throw new AppError('NOT_FOUND', 'no rule has this id', { ruleId });
  }
  const { rule } = installed;
  const { falsePositives, references, runbook, yaml } = rule;
  return { ...summary(installed, await aboutRules(ctx, [rule])), falsePositives, references, runbook, yaml };
}

const NONE: Rule['findings'] = { new: 0, in_progress: 0, on_hold: 0, resolved: 0, closed: 0 };
type Counts = ReadonlyMap<string, Rule['findings']>;

type Known = Pick<CatalogRule, 'id' | 'digest'>;
type About = {
  ran: ReadonlyMap<string, Date>;
  counts: Counts;
  judged: ReadonlyMap<string, Rule['judged']>;
  backfills: ReadonlyMap<string, Rule['backfill']>;
  costs: ReadonlyMap<string, number>;
  looks: ReadonlyMap<string, Looked>;
  waiting: NonNullable<Rule['lag']>;
};

async function aboutRules(ctx: Context, rules: readonly Known[]): Promise<About> {
  const [ran, counts, judged, backfills, costs, looks, waiting] = await Promise.all([
    lastRuns(ctx, rules),
    findingsByStatus(ctx, rules),
    judgedOf(ctx, rules),
    backfillsOf(ctx, rules),
    costsOf(
      ctx,
      rules.map(({ digest }) => digest),
    ),
    looksOf(ctx, rules),
    waitingRecords(ctx),
  ]);
  return { ran, counts, judged, backfills, costs, looks, waiting };
}

function summary(
  { rule, isEnabled, decided, own }: InstalledRule | InstalledIntegrityRule,
  { ran, counts, judged, backfills, costs, looks, waiting }: About,
): Rule {
  const { status, description, atlas, owasp, digest } = rule;
  const looked = looks.get(digest);
  const isOfChains = 'field' in rule;
  const lastAt = Math.max(ran.get(digest)?.getTime() ?? 0, looked?.at.getTime() ?? 0);
  return {
    ...shapeOf(rule),
    status,
    description,
    atlas,
    owasp,
    digest,
    lastRunAt: lastAt > 0 ? new Date(lastAt).toISOString() : null,
    schedule: {
      on: isOfChains ? 'clock' : 'records',
      everySeconds: isOfChains ? CHAINS_EVERY_MS / 1000 : null,
      looksOfDay: looked?.ofDay ?? 0,
    },
    watermark: looked?.watermark?.toISOString() ?? null,
    lag: isOfChains || !isEnabled ? null : waiting,
    isEnabled,
    enabledBy: decided?.by ?? null,
    enabledAt: decided?.at.toISOString() ?? null,
    outBecause: decided?.reason ?? null,
    runMs: costs.get(digest) ?? null,
    version: own?.version ?? null,
    backfill: backfills.get(digest) ?? null,
    findings: counts.get(rule.id) ?? NONE,
    judged: judged.get(rule.id) ?? { total: 0, falsePositives: 0 },
  };
}

async function backfillsOf({ db }: Context, rules: readonly Known[]): Promise<Map<string, Rule['backfill']>> {
  const rows = await db
    .selectFrom('rule_backfills')
    .selectAll()
    .where(
      'rule_digest',
      'in',
      rules.map(({ digest }) => digest),
    )
    // Where nothing was recorded there was nothing to look at.
    .where((eb) => eb.or([eb('state', '!=', 'done'), eb('records_from', 'is not', null)]))
    .execute();
  return new Map(
    rows.map(({ rule_digest: digest, state, records_from: from, records_to: to, looked_to: looked, ...row }) => {
      const whole = from && to ? to.getTime() - from.getTime() : 0;
      const share = state === 'done' ? 1 : whole > 0 && to && looked ? (to.getTime() - looked.getTime()) / whole : 0;
      return [
        digest,
        {
          state,
          share,
          requestedAt: row.requested_at.toISOString(),
          endedAt: row.ended_at?.toISOString() ?? null,
        },
      ];
    }),
  );
}

async function lastRuns(ctx: Context, rules: readonly Known[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ digest: string; ran_at: Date }>`
    SELECT rule.digest, last.ran_at FROM unnest(${rules.map(({ digest }) => digest)}::text[]) AS rule (digest)
      CROSS JOIN LATERAL (
        SELECT ran_at FROM rule_runs r WHERE r.rule_digest = rule.digest ORDER BY ran_at DESC LIMIT 1
      ) AS last`.execute(ctx.db);
  return new Map(rows.map(({ digest, ran_at: at }) => [digest, at]));
}

async function findingsByStatus(ctx: Context, rules: readonly Known[]): Promise<Counts> {
  const { rows } = await sql<{ id: string; status: z.output<typeof FindingStatus>; count: number }>`
    SELECT rule.id, kept.status, counted.count::int FROM unnest(${rules.map(({ id }) => id)}::text[]) AS rule (id)
      CROSS JOIN unnest(${FindingStatus.options}::text[]) AS kept (status)
      CROSS JOIN LATERAL (
        SELECT count(*) FROM (
          SELECT FROM findings f
          WHERE f.superseded_at IS NULL AND ${isFleetFinding('f.id')} AND f.rule_id = rule.id AND f.status = kept.status AND NOT ${isHidden('f')} LIMIT ${MOST_COUNTED}
        ) AS matching
      ) AS counted`.execute(ctx.db);
  const counts = new Map<string, Rule['findings']>();
  for (const { id, status, count } of rows) counts.set(id, { ...(counts.get(id) ?? NONE), [status]: count });
  return counts;
}

async function judgedOf({ db }: Context, rules: readonly Known[]): Promise<Map<string, Rule['judged']>> {
  const { rows } = await sql<{ id: string; total: number; false_positives: number }>`
    SELECT rule.id, counted.total::int, counted.false_positives::int FROM unnest(${rules.map(({ id }) => id)}::text[]) AS rule (id)
      CROSS JOIN LATERAL (
        SELECT count(*) AS total, count(*) FILTER (WHERE verdict = 'false_positive') AS false_positives FROM (
          SELECT verdict FROM findings f
          WHERE f.superseded_at IS NULL AND ${isFleetFinding('f.id')} AND f.rule_id = rule.id AND f.verdict IS NOT NULL ORDER BY f.window_to DESC LIMIT ${MOST_COUNTED}
        ) AS judged
      ) AS counted`.execute(db);
  return new Map(rows.map(({ id, total, false_positives: falsePositives }) => [id, { total, falsePositives }]));
}
