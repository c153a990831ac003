import 'server-only';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { WORKER } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import type { RuleBackfillsTable } from '../../db/rule-tables';
import { matchingRules } from '../../lake/query/matching-rules';
import { recordedBetween, recordsBetween } from '../../lake/query/totals';
import { type CatalogRule, catalog } from '../catalog';
import { type Range, spanOfBoth } from '../range';
import { look } from '../look-again';
import { recordLook } from '../rule-looks';
import { markSeen } from './mark-seen';

const HOUR_MS = 3600_000;
/** Pieces of the past that are looked at one after another: as long as one takes a second or two. */
const SHORTEST_MS = 60_000;
const FIRST_MS = 24 * HOUR_MS;
const LONGEST_MS = 31 * 24 * HOUR_MS;
const QUICK_MS = 1_000;
const SLOW_MS = 4_000;
/** A run; the next goes on where it was, behind what waits then. */
const RUN_MS = 10_000;
/** What is recorded meanwhile has the engine for as long as a piece had it, up to this. */
const MOST_PAUSE_MS = 4_000;

type Row = Selectable<RuleBackfillsTable>;

/**
 * Runs a text that came into force over what was recorded before, newest first, a piece at a time, and notes after each how far it came. Ends early
 * when it is cancelled or the rule no longer runs. Where it has looked at everything, the chains have been seen by it.
 */
export async function backfillRule(ctx: Context, { digest }: { digest: string }, signal?: AbortSignal): Promise<void> {
  const until = performance.now() + RUN_MS;
  const rule = (await catalog(ctx)).find((one) => one.digest === digest);
  if (!rule) return void (await end(ctx, digest, 'cancelled'));
  let lengthMs = FIRST_MS;
  for (let row = await begun(ctx, digest); row?.state === 'running'; row = await rowOf(ctx, digest)) {
    signal?.throwIfAborted();
    const piece = pieceOf(row, lengthMs);
    if (!piece) {
      await markSeen(ctx, rule, rangeOf(row));
      return void (await end(ctx, digest, 'done'));
    }
    const begunMs = performance.now();
    await lookAt(ctx, rule, piece, signal);
    await ctx.db
      .updateTable('rule_backfills')
      .set({ looked_to: piece.from })
      .where('rule_digest', '=', digest)
      .where('looked_to', '=', piece.to)
      .where('requested_at', '=', row.requested_at)
      .execute();
    const tookMs = performance.now() - begunMs;
    if (tookMs < QUICK_MS) lengthMs = Math.min(LONGEST_MS, lengthMs * 2);
    if (tookMs > SLOW_MS) lengthMs = Math.max(SHORTEST_MS, lengthMs / 4);
    if (performance.now() > until) {
      await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, 'backfill-rule', { digest }));
      return;
    }
    await sleep(Math.min(tookMs, MOST_PAUSE_MS), undefined, { signal });
  }
}

const rowOf = ({ db }: Context, digest: string): Promise<Row | undefined> =>
  db.selectFrom('rule_backfills').selectAll().where('rule_digest', '=', digest).executeTakeFirst();

/** With what there is to look at, which is settled when it begins. */
async function begun(ctx: Context, digest: string): Promise<Row | undefined> {
  const row = await rowOf(ctx, digest);
  if (row?.state !== 'running' || row.records_to) return row;
  const recorded = await recordedBetween(ctx, 'all');
  if (!recorded) return row;
  const to = new Date(recorded.last.getTime() + 1);
  await ctx.db
    .updateTable('rule_backfills')
    .set({ records_from: recorded.first, records_to: to, looked_to: to })
    .where('rule_digest', '=', digest)
    .where('requested_at', '=', row.requested_at)
    .execute();
  return rowOf(ctx, digest);
}

function rangeOf({ records_from: from, records_to: to }: Row): Range | null {
  return from && to ? { from, to } : null;
}

/** The next piece back; null when there is none. */
function pieceOf({ records_from: first, looked_to: to }: Row, lengthMs: number): Range | null {
  if (!first || !to || to <= first) return null;
  return { from: new Date(Math.max(first.getTime(), to.getTime() - lengthMs)), to };
}

/** Makes what the rule finds in a time the findings on record there. */
async function lookAt(ctx: Context, rule: CatalogRule, piece: Range, signal?: AbortSignal): Promise<void> {
  const begunMs = performance.now();
  const matching = (await matchingRules(ctx, [rule], null, piece, signal)).get(rule);
  const before = await foundIn(ctx, rule, piece);
  const time = matching && before ? spanOfBoth(matching, before) : (matching ?? before);
  const records = await recordsBetween(ctx, piece);
  const about = { how: 'backfill', rules: [rule], window: piece, chains: null, records } as const;
  if (time) return look(ctx, new Map([[rule, time]]), { ...about, begunMs }, signal);
  const elapsedMs = performance.now() - begunMs;
  await ctx.db.transaction().execute((tx) => recordLook(ctx, tx, { ...about, outcomes: new Map(), elapsedMs }));
}

/** The time of what another text of the rule found there: it may be there no more. */
async function foundIn({ db }: Context, { id }: CatalogRule, { from, to }: Range): Promise<Range | null> {
  const row = await db
    .selectFrom('findings')
    .where('rule_id', '=', id)
    .where('superseded_at', 'is', null)
    .where('window_from', '<', to)
    .where('window_to', '>', from)
    .select(({ fn }) => [fn.min('window_from').as('from'), fn.max('window_to').as('to')])
    .executeTakeFirst();
  return row?.from && row.to ? { from: row.from, to: row.to } : null;
}

async function end({ db, now }: Context, digest: string, state: 'done' | 'cancelled'): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('rule_backfills')
      .set({ state, ended_at: now() })
      .where('rule_digest', '=', digest)
      .where('state', '=', 'running')
      .returning('rule_id')
      .executeTakeFirst();
    if (ended)
      await audit.append(tx, WORKER, {
        action: 'rule.end-backfill',
        subjectId: ended.rule_id,
        details: { digest, state },
      });
  });
}
