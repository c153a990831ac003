import 'server-only';
import { sql } from 'kysely';
import * as z from 'zod';
import type { Context } from '../context';
import { figure } from '../core/text/words';
import type { DeliveryRow } from '../db/notification-tables';
import { withChains } from '../detect/query/findings';
import { STAGE } from '../queue/failure-words';
import { JOB_KINDS } from '../queue/kinds';
import { groupText } from '../schemas/group-words';
import { Sha256 } from '../schemas/common';
import { DeliveryKind } from '../schemas/notifications';

export const Message = z.object({
  type: DeliveryKind,
  /** When it was made, which is the same in every attempt. */
  timestamp: z.string(),
  /** What a webhook is sent. */
  data: z.record(z.string(), z.unknown()),
  /** For people: a line, more lines, and where to look. */
  subject: z.string(),
  lines: z.array(z.string()),
  url: z.string(),
  /** A file of the evidence store that mail carries, where it is not too large. */
  attachment: z.object({ name: z.string(), sha256: Sha256, sizeBytes: z.number().int() }).optional(),
});
export type Message = z.infer<typeof Message>;
type Said = Omit<Message, 'type' | 'timestamp'>;

/** A delivery as a message, as things stand now. */
export async function messageOf(ctx: Context, delivery: DeliveryRow): Promise<Message> {
  return { type: delivery.kind, timestamp: ctx.now().toISOString(), ...(await said(ctx, delivery)) };
}

async function said(ctx: Context, delivery: DeliveryRow): Promise<Said> {
  const { kind, title, facts } = delivery;
  const { workspaceUrl: publicUrl } = ctx.env;
  switch (kind) {
    case 'finding.new':
    case 'finding.grown':
      return aboutFinding(ctx, delivery);
    case 'findings.many':
      return aboutMany(publicUrl, delivery);
    case 'verdict.bad': {
      const url = `${publicUrl}/chains/${delivery.subject_id}`;
      const { chain, verdict } = facts;
      const data = { chainId: delivery.subject_id, chain, verdict, url };
      return { data, subject: title, lines: ['Its problems, with their places, are on the page of the chain.'], url };
    }
    case 'job.stuck': {
      const cause = String(facts['cause']);
      const url = typeof facts['chainId'] === 'string' ? `${publicUrl}/chains/${facts['chainId']}` : publicUrl;
      const data = { kind: facts['kind'], chainId: facts['chainId'], chain: facts['chain'], cause, url };
      return { data, subject: title, lines: [`It failed every time so far: ${cause}.`], url };
    }
    case 'report.done':
    case 'report.failed':
      return aboutReport(publicUrl, delivery);
    case 'test': {
      const url = `${publicUrl}/settings/notifications`;
      return { data: { message: title, url }, subject: title, lines: ['Somebody asked for it in Settings.'], url };
    }
  }
}

async function aboutFinding({ db, env }: Context, { subject_id: id, kind, title }: DeliveryRow): Promise<Said> {
  const url = `${env.workspaceUrl}/findings?finding=${id}`;
  const row = await db.selectFrom('findings').selectAll().where('id', '=', id).executeTakeFirst();
  const [finding] = await withChains(db, row ? [row] : []);
  if (!finding) return { data: { id, title, url }, subject: title, lines: ['It is no longer on record.'], url };
  const { level, group, windowFrom, windowTo, recordCount, chains } = finding;
  const what = groupText(group);
  return {
    data: { ...finding, url },
    subject: `${level}: ${title}${kind === 'finding.grown' ? ', more records' : ''}`,
    lines: [
      ...(what ? [what] : []),
      `${figure(recordCount)} records from ${windowFrom} to ${windowTo}`,
      ...(chains.length > 0
        ? [
            `in ${chains
              .slice(0, 10)
              .map(({ name }) => name)
              .join(', ')}${chains.length > 10 ? ', …' : ''}`,
          ]
        : []),
    ],
    url,
  };
}

function aboutMany(publicUrl: string, { rule_id: ruleId, title, count, facts, created_at: from }: DeliveryRow): Said {
  const url = `${publicUrl}/findings?rule=${ruleId ?? ''}`;
  const subject = `${facts['level']}: ${title}, ${figure(count)} more`;
  return {
    data: { ruleId, title, level: facts['level'], count, since: from.toISOString(), url },
    subject,
    lines: [`${figure(count)} more findings of this rule are new or grew since ${from.toISOString()}.`],
    url,
  };
}

/** What a run leaves of itself. */
const ReportFacts = z.object({
  definitionId: z.string(),
  name: z.string(),
  kind: z.string(),
  period: z.object({ from: z.string(), to: z.string() }),
  timeZone: z.string(),
  days: z.string(),
  due: z.object({ at: z.string(), missed: z.number() }).nullable(),
});
const MadeFacts = ReportFacts.extend({
  headline: z.array(z.object({ label: z.string(), value: z.number() })),
  runSha256: Sha256,
  logIndex: z.number(),
  pdf: z.object({ sha256: Sha256, sizeBytes: z.number() }).nullable(),
});
const FailedFacts = ReportFacts.extend({ failure: z.string(), isFinal: z.boolean() });

function aboutReport(publicUrl: string, { kind, subject_id: runId, title, facts }: DeliveryRow): Said {
  const url = `${publicUrl}/reports/runs/${runId}`;
  if (kind === 'report.failed') {
    const { days: _, ...failed } = FailedFacts.parse(facts);
    const next = failed.isFinal ? 'It is not tried again by itself.' : 'It is tried again.';
    return { data: { runId, ...failed, url }, subject: title, lines: [`${failed.failure}. ${next}`], url };
  }
  const { days, pdf, ...made } = MadeFacts.parse(facts);
  const missed = made.due?.missed ?? 0;
  return {
    data: { runId, ...made, pdfSha256: pdf?.sha256 ?? null, url },
    subject: title,
    lines: [
      `Period: ${days}`,
      made.headline.map(({ label, value }) => `${label}: ${figure(value)}`).join(', '),
      ...(missed > 0 ? [`${figure(missed)} due before it went by while nothing ran.`] : []),
      `run.json: SHA-256 ${made.runSha256}`,
      ...(pdf ? [`report.pdf: SHA-256 ${pdf.sha256}`] : []),
      `Entry ${made.logIndex} of the transparency log has both its digest and that of the signature.`,
    ],
    url,
    ...(pdf && { attachment: { name: 'report.pdf', ...pdf } }),
  };
}

/** What a delivery tells, in a line, as it is listed. */
export function reportTitle(event: 'report.done' | 'report.failed', facts: Record<string, unknown>): string {
  const { name, days } = ReportFacts.parse(facts);
  return event === 'report.done' ? `Report “${name}”, ${days}` : `Report “${name}” could not be made: ${days}`;
}

/** What a delivery tells, in a line, as it is listed. */
export function verdictTitle(chain: string, verdict: string): string {
  return `${chain} is ${verdict}`;
}

export function stuckTitle(kind: string, chain: string | null): string {
  const known = JOB_KINDS.find((one) => one === kind);
  return `${known ? STAGE[known] : kind} is stuck${chain === null ? '' : `: ${chain}`}`;
}

/** Names of chains by their ids. */
export async function chainNames({ db }: Pick<Context, 'db'>, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('chains')
    .select(['id', 'name'])
    .where(sql<boolean>`id = ANY(${ids}::uuid[])`)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
