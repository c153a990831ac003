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
});
export type Message = z.infer<typeof Message>;
type Said = Pick<Message, 'data' | 'subject' | 'lines' | 'url'>;

/** A delivery as a message, as things stand now. */
export async function messageOf(ctx: Context, delivery: DeliveryRow): Promise<Message> {
  return { type: delivery.kind, timestamp: ctx.now().toISOString(), ...(await said(ctx, delivery)) };
}

async function said(ctx: Context, delivery: DeliveryRow): Promise<Said> {
  const { kind, title, facts } = delivery;
  const { publicUrl } = ctx.env;
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
    case 'test': {
      const url = `${publicUrl}/settings/notifications`;
      return { data: { message: title, url }, subject: title, lines: ['Somebody asked for it in Settings.'], url };
    }
  }
}

async function aboutFinding({ db, env }: Context, { subject_id: id, kind, title }: DeliveryRow): Promise<Said> {
  const url = `${env.publicUrl}/findings?finding=${id}`;
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
