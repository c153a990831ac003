import 'server-only';
import { hostname } from 'node:os';
import type { z } from 'zod';
import type { Context } from '../context';
import { evidenceState } from '../integrity/evidence-state';
import { damageSentence } from '../schemas/evidence';
import type { Health } from '../schemas/settings';
import { activityState } from '../db/activity-state';
import { VERSION } from '../config/version';
import { perContext } from '../per-context';
import { listStuck } from './stuck';

const PROBE_TIMEOUT_MS = 3000;

/** Anyone may ask, and asking writes to the disk: an answer serves everyone for this long. */
const FRESH_MS = 2000;
const askedOf = perContext('health', () => ({
  latest: null as { atMs: number; health: Promise<z.output<typeof Health>> } | null,
  /** When this process first saw the trouble that lasts; null while all is well. */
  troubledSince: null as Date | null,
}));

/** Whether each part answers now. `worker` is whether a worker took a look at the queue in the last half minute. */
export function getHealth(ctx: Context): Promise<z.output<typeof Health>> {
  const asked = askedOf(ctx);
  if (!asked.latest || performance.now() - asked.latest.atMs > FRESH_MS)
    asked.latest = { atMs: performance.now(), health: probe(ctx) };
  return asked.latest.health;
}

async function probe(ctx: Context): Promise<z.output<typeof Health>> {
  const [database, lake, evidence, worker, stored, stuck, activity] = await Promise.all([
    answers(writeProbe(ctx)),
    answers(ctx.lake.ping().then(({ success }) => success)),
    answers(ctx.evidence.probe()),
    answers(workerSeen(ctx)),
    evidenceState(ctx).catch(() => null), // that the database does not answer is told by its own check
    within(stuckNow(ctx)),
    within(activityNow(ctx)),
  ]);
  const checks = { database, lake, evidence, worker };
  if (!database || !evidence)
    ctx.meter.writes.failed(
      evidence ? 'the database does not take writes' : 'the evidence store does not take writes',
      ctx.now(),
    );
  else ctx.meter.writes.succeeded();
  const trouble = ctx.meter.writes.trouble();
  const damage = stored && damageSentence(stored);
  const status =
    database && evidence
      ? lake && worker && !trouble && !damage && !stuck?.jobs && !activity
        ? 'ok'
        : 'degraded'
      : 'down';
  const asked = askedOf(ctx);
  asked.troubledSince = status === 'ok' ? null : (trouble?.since ?? asked.troubledSince ?? ctx.now());
  if (trouble) setTimeout(() => void getHealth(ctx), FRESH_MS + 1).unref(); // nobody need ask for it to get well again
  return {
    status,
    checks,
    writing: trouble ? 'degraded' : 'ok',
    stored,
    cause: trouble?.cause ?? damage ?? activity ?? stuck?.sentence ?? null,
    stuck: stuck?.jobs ?? 0,
    version: VERSION,
    since: asked.troubledSince?.toISOString() ?? null,
  };
}

/** A write that is committed, so that a database that only reads counts as one that does not answer. */
async function writeProbe(ctx: Context): Promise<void> {
  const values = { id: hostname(), probed_at: ctx.now() };
  await ctx.probes
    .insertInto('probes')
    .values(values)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}

async function workerSeen(ctx: Context): Promise<boolean> {
  const row = await ctx.probes
    .selectFrom('workers')
    .select('seen_at')
    .orderBy('seen_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined && ctx.now().getTime() - row.seen_at.getTime() < 30_000;
}

/** Jobs that somebody should look at. What they work on is kept, so they say nothing of whether more can be taken in. */
async function stuckNow(ctx: Context): Promise<{ jobs: number; sentence: string } | null> {
  const { items, total } = await listStuck({ db: ctx.probes }, { limit: 1 });
  const [first] = items;
  // The cause may name what only people who are signed in may know: the page of the chain has it.
  return first
    ? {
        jobs: total,
        sentence: `${total === 1 ? 'a job is' : `${total} jobs are`} stuck; the first since ${first.since}: ${first.what}`,
      }
    : null;
}

/** What is wrong with the chain of actions, in a sentence. */
async function activityNow({ probes }: Context): Promise<string | null> {
  const { trouble, isRefusing, waiting, oldestSeconds, differences } = await activityState(probes);
  if (!trouble && !isRefusing)
    return differences === 0
      ? null
      : `${differences === 1 ? 'one row of the database is' : `${differences} rows of the database are`} not what the chain of actions says; fsck names ${differences === 1 ? 'it' : 'them'}`;
  const refused = isRefusing ? 'actions are refused, since ' : '';
  return `${refused}${waiting} of what people did ${waiting === 1 ? 'waits' : 'wait'} to be carried into evidence${oldestSeconds < 60 ? '' : `, the first for ${Math.floor(oldestSeconds / 60)} min`}${trouble ? `, since ${trouble.since.toISOString()}: ${trouble.cause}` : ''}`;
}

async function answers(probe: Promise<unknown>): Promise<boolean> {
  return (await within(probe.then((value) => value !== false))) ?? false;
}

/** What a probe finds, or null when it does not answer in time: that is an answer too. */
async function within<T>(probe: Promise<T>): Promise<T | null> {
  const timeout = new Promise<null>((resolve) => setTimeout(resolve, PROBE_TIMEOUT_MS, null).unref());
  return Promise.race([probe, timeout]).catch(() => null);
}
