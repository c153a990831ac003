import 'server-only';
import { sql } from 'kysely';
import { SEGMENT_TARGET_BYTES } from '../core/bytes/limits';
import type { Context } from '../context';
import { hasGrownWithSidecars } from '../db/grown-with-sidecars';
import { waitingJobs } from '../queue/waiting';

/** An open segment is closed when it is this old, however small. */
const OPEN_FOR_MS = 15 * 60 * 1000;
/** Answers of appends with a key are kept this long. */
const KEYS_KEPT_MS = 24 * 3600 * 1000;
/** A chain compared with its sidecar files is joined again once nothing came for so long, or so long after the last time. */
const PAUSED_MS = 2_000;
const REJOINED_MS = 60_000;
const MOST_WAITING = 100_000;
/** One run loads, or has the rules look at, many chains that grew: a few are queued at a time. */
const MOST_TOGETHER = 20;

/** Queues what tails need: loading of what was appended, a look of the rules at it, closing of what is large or old enough. Meant to run every second. */
export async function runDueTails(ctx: Context): Promise<void> {
  const now = ctx.now().getTime();
  const due = await ctx.db
    .selectFrom('tails')
    .select([
      'chain_id',
      sql<boolean>`greatest(loaded_bytes, closed_bytes) < complete_bytes`.as('to_load'),
      sql<boolean>`searched_records < loaded_records`.as('to_search'),
    ])
    .select((eb) =>
      eb
        .and([
          eb('complete_bytes', '>', eb.ref('closed_bytes')),
          eb.or([
            eb('close_wanted', '=', true),
            eb('opened_at', '<', new Date(now - OPEN_FOR_MS)),
            sql<boolean>`complete_bytes - closed_bytes >= ${SEGMENT_TARGET_BYTES}::bigint`,
          ]),
        ])
        .as('to_close'),
    )
    .where((eb) => eb.or([eb('close_wanted', '=', true), sql<boolean>`size_bytes > closed_bytes`]))
    .orderBy('appended_at')
    .execute();
  await queue(
    ctx,
    'load-tail',
    due.filter((tail) => tail.to_load).map(({ chain_id }) => chain_id),
    MOST_TOGETHER,
  );
  await queue(
    ctx,
    'detect-tail',
    due.filter((tail) => tail.to_search).map(({ chain_id }) => chain_id),
    MOST_TOGETHER,
  );
  await queue(ctx, 'join-chain', await grownWithSidecars(ctx, now), MOST_TOGETHER);
  await queue(
    ctx,
    'close-tail',
    due.filter((tail) => tail.to_close).map(({ chain_id }) => chain_id),
    due.length,
  );
}

/** A join reads all of such a chain: it waits until the chain has paused, and for one that never does, for a while. */
async function grownWithSidecars(ctx: Context, nowMs: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT c.id FROM chains c JOIN tails t ON t.chain_id = c.id
    WHERE ${hasGrownWithSidecars()} AND (t.appended_at < ${new Date(nowMs - PAUSED_MS)} OR c.verified_at < ${new Date(nowMs - REJOINED_MS)})
    ORDER BY c.verified_at LIMIT ${MOST_TOGETHER}`.execute(ctx.db);
  return rows.map(({ id }) => id);
}

type TailJob = 'load-tail' | 'detect-tail' | 'close-tail' | 'join-chain';

async function queue(ctx: Context, kind: TailJob, chainIds: readonly string[], most: number): Promise<void> {
  if (chainIds.length === 0) return;
  const queued = await alreadyQueued(ctx, kind);
  for (const chainId of chainIds.filter((id) => !queued.has(id)).slice(0, most))
    await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, kind, { chainId }));
}

/** Chains that a job of the kind waits for, or that it failed for and is put off. */
async function alreadyQueued(ctx: Context, kind: TailJob): Promise<Set<string>> {
  const [waiting, failed] = await Promise.all([
    waitingJobs(ctx.db, kind, MOST_WAITING),
    ctx.db.selectFrom('job_failures').select('key').where('kind', '=', kind).execute(),
  ]);
  return new Set([...waiting, ...failed].map(({ key }) => key));
}

/** Forgets answers nobody will ask for again. */
export async function sweepAppendKeys(ctx: Context): Promise<void> {
  await ctx.db
    .deleteFrom('append_keys')
    .where('received_at', '<', new Date(ctx.now().getTime() - KEYS_KEPT_MS))
    .execute();
}
