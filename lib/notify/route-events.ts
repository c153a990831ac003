import 'server-only';
import type { Insertable } from 'kysely';
import type { Context } from '../context';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import type { NotificationDeliveriesTable } from '../db/notification-tables';
import { isHidden } from '../db/suppressed';
import { ToldEvent } from '../schemas/notifications';
import { withChains } from '../detect/query/findings';
import { chainNames, reportTitle, stuckTitle, verdictTitle } from './message';
import { giveUpAt } from './schedule';
import { type Happening, isWanted } from './wanted';

const BATCH = 500;
/** Findings of one rule that a destination is told of one by one within `BURST_MS`; what more there are is one message. */
const MOST_APART = 5;
const BURST_MS = 60_000;
/** Between two messages that one finding grew. */
const GROWN_MS = 15 * 60_000;

/** `to`: those who are told of it, by id, whatever else they are told of. */
type Told = Happening & { subjectId: string; title: string; facts: Record<string, unknown>; to?: readonly string[] };
type NewDelivery = Insertable<NotificationDeliveriesTable>;

/**
 * Makes what happened into deliveries, each once, and queues them. What nobody wants is gone then; what somebody wants and comes in great numbers is one
 * message. Meant to run every second, in any number of workers. Answers how many events it took.
 */
export async function routeEvents(ctx: Context): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    const waiting = await tx.selectFrom('notification_events').select('id').limit(1).executeTakeFirst();
    if (!waiting) return 0;
    await lockUntilCommit(tx, 'notifications', 'route');
    const events = await tx.selectFrom('notification_events').selectAll().orderBy('id').limit(BATCH).execute();
    const destinations = await tx
      .selectFrom('notification_destinations')
      .select(['id', 'filter'])
      .where('is_enabled', '=', true)
      .execute();
    const happened = await happenings({ ...ctx, db: tx }, events);
    const now = ctx.now();
    for (const { id, filter } of destinations) {
      const wanted = happened.filter(({ what }) => (what.to ? what.to.includes(id) : isWanted(filter, what)));
      if (wanted.length === 0) continue;
      await addDeliveries(tx, id, wanted, now);
      await ctx.queue.send(tx, 'deliver-notifications', { destinationId: id });
    }
    await tx
      .deleteFrom('notification_events')
      .where(
        'id',
        'in',
        events.map(({ id }) => id),
      )
      .execute();
    return events.length;
  });
}

type Event = { id: string; kind: string; subject_id: string; facts: Record<string, unknown> };
type Happened = { eventId: string; what: Told };

/** Events with what they are about; those about what is gone are left out. */
async function happenings(ctx: Context, events: readonly Event[]): Promise<Happened[]> {
  const findings = await findingsById(ctx, events);
  const names = await chainNames(
    ctx,
    events.flatMap(({ kind, subject_id: id, facts }) =>
      kind === 'verdict.bad' ? [id] : typeof facts['chainId'] === 'string' ? [facts['chainId']] : [],
    ),
  );
  return events.flatMap(({ id: eventId, kind, subject_id: subjectId, facts }): Happened[] => {
    const { data: event } = ToldEvent.safeParse(kind);
    if (event === undefined) return [];
    const told = { event, subjectId, facts, rule: null };
    if (event === 'verdict.bad') {
      const chain = names.get(subjectId);
      if (chain === undefined) return [];
      const title = verdictTitle(chain, String(facts['verdict']));
      return [{ eventId, what: { ...told, chains: [chain], title, facts: { ...facts, chain } } }];
    }
    if (event === 'job.stuck') {
      const chain = names.get(String(facts['chainId'])) ?? null;
      const title = stuckTitle(String(facts['kind']), chain);
      return [{ eventId, what: { ...told, chains: chain === null ? [] : [chain], title, facts: { ...facts, chain } } }];
    }
    if (event === 'report.done' || event === 'report.failed') {
      const to = Array.isArray(facts['to']) ? facts['to'].map(String) : [];
      return [{ eventId, what: { ...told, to, chains: [], title: reportTitle(event, facts) } }];
    }
    const finding = findings.get(subjectId);
    if (!finding) return [];
    const { ruleId: id, level, title, chains } = finding;
    const rule = { id, level };
    return [{ eventId, what: { ...told, rule, title, chains: chains.map(({ name }) => name), facts: { level } } }];
  });
}

async function findingsById({ db }: Context, events: readonly Event[]) {
  const ids = events.flatMap(({ kind, subject_id: id }) => (kind.startsWith('finding.') ? [id] : []));
  if (ids.length === 0) return new Map<string, never>();
  // What rules no longer find by now, and what a suppression hides, is told to nobody.
  const rows = await db
    .selectFrom('findings')
    .selectAll()
    .where('id', 'in', ids)
    .where('superseded_at', 'is', null)
    .where(({ not }) => not(isHidden('findings')))
    .execute();
  return new Map((await withChains(db, rows)).map((finding) => [finding.id, finding]));
}

async function addDeliveries(tx: Tx, destinationId: string, happened: readonly Happened[], now: Date): Promise<void> {
  const open = await openDeliveries(tx, destinationId, now);
  const added: NewDelivery[] = [];
  for (const { eventId, what } of happened) {
    const { event: kind, subjectId, title, facts, rule } = what;
    const base = { destination_id: destinationId, subject_id: subjectId, rule_id: rule?.id ?? null, title, count: 1 };
    const add = (more: Pick<NewDelivery, 'kind' | 'key'>, at: Date) => {
      const times = { next_try_at: at, created_at: now, give_up_at: giveUpAt(at) };
      const delivery = { ...base, ...times, ...more, facts: JSON.stringify(facts) };
      added.push(delivery);
      return delivery;
    };
    if (!rule) {
      add({ kind, key: `${kind}:${subjectId}:${eventId}` }, now);
      continue;
    }
    if (kind === 'finding.grown' && open.isTold.has(subjectId)) continue;
    const apart = open.apart.get(rule.id) ?? 0;
    const many = open.many.get(rule.id);
    if (many) many.count += 1;
    else if (apart >= MOST_APART) {
      const at = new Date(now.getTime() + BURST_MS);
      open.many.set(rule.id, add({ kind: 'findings.many', key: `findings.many:${rule.id}:${eventId}` }, at));
    } else {
      open.apart.set(rule.id, apart + 1);
      open.isTold.add(subjectId);
      const last = kind === 'finding.grown' ? (open.grownAt.get(subjectId)?.getTime() ?? -Infinity) : -Infinity;
      const key = kind === 'finding.new' ? `${kind}:${subjectId}` : `${kind}:${subjectId}:${eventId}`;
      add({ kind, key }, new Date(Math.max(now.getTime(), last + GROWN_MS)));
    }
  }
  for (const { id, count } of open.many.values())
    if (id !== undefined) await tx.updateTable('notification_deliveries').set({ count }).where('id', '=', id).execute();
  if (added.length > 0)
    await tx
      .insertInto('notification_deliveries')
      .values(added)
      .onConflict((conflict) => conflict.columns(['destination_id', 'key']).doNothing())
      .execute();
}

/** What a destination is told of already, or was of late. What is not written yet stays so until the transaction ends. */
async function openDeliveries(tx: Tx, destinationId: string, now: Date) {
  const ofFindings = tx
    .selectFrom('notification_deliveries')
    .select(['id', 'kind', 'subject_id', 'rule_id', 'count', 'created_at', 'next_try_at'])
    .where('destination_id', '=', destinationId)
    .where('kind', 'in', ['finding.new', 'finding.grown', 'findings.many']);
  const unwritten = await ofFindings
    .where('state', '=', 'waiting')
    .where('message', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const recent = await ofFindings.where('created_at', '>', new Date(now.getTime() - GROWN_MS)).execute();
  const apart = new Map<string, number>();
  for (const { kind, rule_id: rule, created_at: at } of recent)
    if (rule !== null && kind !== 'findings.many' && now.getTime() - at.getTime() < BURST_MS)
      apart.set(rule, (apart.get(rule) ?? 0) + 1);
  return {
    apart,
    /** Findings a message that is not written yet tells of as they are then. */
    isTold: new Set(unwritten.flatMap(({ kind, subject_id: id }) => (kind === 'findings.many' ? [] : [id]))),
    grownAt: new Map(
      recent.flatMap(({ kind, subject_id: id, next_try_at: at }) =>
        kind === 'finding.grown' ? [[id, at] as const] : [],
      ),
    ),
    many: new Map<string, { id?: string; count: number }>(
      unwritten.flatMap(({ id, kind, rule_id: rule, count }) =>
        kind === 'findings.many' && rule !== null ? [[rule, { id, count }] as const] : [],
      ),
    ),
  };
}
