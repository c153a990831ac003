import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { many } from '../../core/text/words';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { IN_FORCE, noteHidden } from '../../db/suppressed';
import { isFleetFinding } from '../../db/of-fleet';
import { MOST_SUPPRESSED_DAYS, type NewSuppression, type Suppression } from '../../schemas/suppressions';
import { endRow } from './end-suppression';
import { type Hidden, insertHidden } from './hide-found';
import { examined } from './hiding';
import { confirmedAmong } from './preview-suppression';
import { type Filter, readFilter } from './read-filter';
import { getSuppression } from './suppressions';
import { tellShown } from './tell-shown';

const DAY_MS = 86_400_000;
/** In force at once. */
const MOST = 1_000;
/** Findings named where it is refused. */
const NAMED = 10;

type Asked = NewSuppression & { actor: Actor; signal?: AbortSignal };

/**
 * Keeps a filter that hides findings from now on until it expires, those that stand as well. What it replaces ends in the same moment; what only that hid
 * is in the queue again, and told of.
 * @throws AppError BAD_REQUEST for what is no filter, with its line and column, and for an expiry that is past or too far; CONFLICT when it would hide
 * findings confirmed as true; NOT_FOUND for one to replace that is none, CONFLICT for one that was replaced already, and past 1,000 in force.
 */
export async function createSuppression(ctx: Context, asked: Asked): Promise<Suppression> {
  const { yaml, reason, expiresAt, replacesId, actor, signal } = asked;
  requireExpiry(expiresAt, ctx.now());
  const filter = await readFilter(ctx, yaml, signal);
  await requireNoneConfirmed(ctx, filter);
  const looked = await look(ctx, filter);
  const suppressionId = await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'findings', '');
    const before = replacesId === undefined ? null : await replaced(tx, replacesId, { actor, now: ctx.now() });
    await requireRoom(tx);
    const version = (before?.version ?? 0) + 1;
    const { id } = await tx
      .insertInto('suppressions')
      .values({
        version,
        replaces_id: replacesId ?? null,
        title: filter.title,
        reason,
        yaml,
        digest: filter.digest,
        rule_ids: filter.rules.map((rule) => rule.id),
        expires_at: new Date(expiresAt),
        created_by_id: actor.id,
        created_by: actor.name,
        created_at: ctx.now(),
        ended_by_id: null,
        ended_by: null,
        ended_at: null,
        told_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await hideStanding(ctx, tx, id, filter, looked);
    await noteHidden(tx, before ? [id, before.id] : [id]);
    if (before?.wasInForce) await tellShown(tx, before.id, ctx.now());
    await audit.append(tx, actor, {
      action: 'suppression.create',
      subjectId: id,
      details: {
        digest: filter.digest,
        expiresAt,
        version,
        // What a person wrote is not in an action.
        reasonSha256: ctx.hasher.sha256(Buffer.from(reason)),
        ...(replacesId && { replaces: replacesId }),
      },
    });
    return id;
  });
  return getSuppression(ctx, { suppressionId });
}

function requireExpiry(expiresAt: string, now: Date): void {
  const aheadMs = Date.parse(expiresAt) - now.getTime();
  if (aheadMs <= 0) throw new AppError('BAD_REQUEST', 'expiresAt: must be in the future', { field: 'expiresAt' });
  if (aheadMs > MOST_SUPPRESSED_DAYS * DAY_MS)
    throw new AppError('BAD_REQUEST', `expiresAt: must be at most ${MOST_SUPPRESSED_DAYS} days away`, {
      field: 'expiresAt',
      mostDays: MOST_SUPPRESSED_DAYS,
    });
}

async function requireNoneConfirmed(ctx: Context, filter: Filter): Promise<void> {
  const confirmed = await confirmedAmong(ctx, filter);
  if (confirmed.length === 0) return;
  const named = confirmed.slice(0, NAMED).map(({ id, title }) => `${title} (${id})`);
  const others = confirmed.length > NAMED ? `; and ${confirmed.length - NAMED} more` : '';
  throw new AppError(
    'CONFLICT',
    `it would hide ${many(confirmed.length, 'finding')} confirmed as true: ${named.join('; ')}${others}. Make the filter narrower`,
    { confirmed: confirmed.map(({ id }) => id).join(' ') },
  );
}

type Looked = ReadonlyMap<string, { as: string; leftOut: number; isHidden: boolean }>;
type Row = { rule_digest: string; window_from: Date; window_to: Date; record_count: number };
const lookedAs = ({ rule_digest: digest, window_from: from, window_to: to, record_count: records }: Row) =>
  `${digest} ${from.getTime()} ${to.getTime()} ${records}`;

/** What stands, before anything is locked. */
async function look(ctx: Context, { rules, keeps }: Filter): Promise<Looked> {
  const looked = new Map<string, { as: string; leftOut: number; isHidden: boolean }>();
  const of = { ruleIds: rules.map(({ id }) => id), keeps };
  for await (const row of examined(ctx, ctx.db, of, (eb) => eb.lit(true)))
    looked.set(row.id, { as: lookedAs(row), leftOut: row.leftOut, isHidden: row.isHidden });
  return looked;
}

/** Hides what stands by then: what is as it was looked at, and what came or changed meanwhile, which is looked at again. */
async function hideStanding(
  ctx: Context,
  tx: Tx,
  suppressionId: string,
  filter: Filter,
  looked: Looked,
): Promise<void> {
  const ruleIds = filter.rules.map(({ id }) => id);
  const standing = await tx
    .selectFrom('findings')
    .select(['id', 'rule_digest', 'window_from', 'window_to', 'record_count'])
    .where('superseded_at', 'is', null)
    .where('rule_id', 'in', ruleIds)
    .where(isFleetFinding('findings.id'))
    .execute();
  const hidden: Hidden[] = [];
  const changed: string[] = [];
  for (const row of standing) {
    const before = looked.get(row.id);
    if (before?.as !== lookedAs(row)) changed.push(row.id);
    else if (before.isHidden) hidden.push({ findingId: row.id, suppressionId, leftOut: before.leftOut });
  }
  if (changed.length > 0)
    for await (const { id, isHidden, leftOut } of examined(ctx, tx, { ruleIds, keeps: filter.keeps }, (eb) =>
      eb('id', 'in', changed),
    ))
      if (isHidden) hidden.push({ findingId: id, suppressionId, leftOut });
  await insertHidden(tx, hidden);
}

async function requireRoom(tx: Tx): Promise<void> {
  const { count } = await tx
    .selectFrom('suppressions as s')
    .where(IN_FORCE)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= MOST)
    throw new AppError('CONFLICT', `at most ${MOST} suppressions are in force at once: end one first`, { most: MOST });
}

/** Ends the version before. */
async function replaced(tx: Tx, replacesId: string, by: { actor: Actor; now: Date }) {
  const before = await tx
    .selectFrom('suppressions')
    .select(['id', 'version', 'expires_at', 'ended_at'])
    .where('id', '=', replacesId)
    .forUpdate()
    .executeTakeFirst();
  if (!before) throw new AppError('NOT_FOUND', 'no suppression has this id', { replacesId });
  const next = await tx
    .selectFrom('suppressions')
    .select('id')
    .where('replaces_id', '=', replacesId)
    .executeTakeFirst();
  if (next) throw new AppError('CONFLICT', 'it was replaced already: replace the newest version', { by: next.id });
  return { id: before.id, version: before.version, wasInForce: await endRow(tx, before, by) };
}
