import 'server-only';
import type { Context } from '../context';
import { STUCK_AFTER, failureOf, forgetFailure, takeDueFailures, writeFailure } from '../db/job-failures';
import { announceStuck } from '../db/announce';
import type { JobDefinition } from './job';
import { type JobKind, type JobPayload, JOB_KINDS, Payloads, singletonKey } from './kinds';
import { causeInWords } from './failure-words';

/** Deliveries that ended with their worker, after which the job itself is taken for the reason. */
const MOST_LOST = 2;
/** Failed jobs queued again in one go. */
const MAX_DUE = 100;

export type Delivery<K extends JobKind> = {
  payload: JobPayload<K>;
  signal: AbortSignal;
  /** Workers that took it before and ended, or did not say so. */
  lost: number;
};
export type Attempted = 'done' | 'put-off';

/**
 * Runs a job, unless it failed lately and its next try is not due: then it steps aside for others. A failure is kept with its cause and the job tried
 * again later, longer each time; it is thrown only when it cannot be kept, or `ending` says that the worker is. A job that workers end at counts as failed.
 */
export async function attemptJob<K extends JobKind>(
  ctx: Context,
  { job, build, ending }: { job: JobDefinition<K>; build: string; ending: AbortSignal },
  { payload, signal, lost }: Delivery<K>,
): Promise<Attempted> {
  const about = { kind: job.kind, key: singletonKey(payload) };
  const fields: Record<string, unknown> = { job: job.kind, ...payload };
  const before = await failureOf(ctx.db, about);
  if (before && before.next_try_at > ctx.now()) return 'put-off';
  const fail = async (cause: string) => {
    const chainId = 'chainId' in payload ? payload.chainId : null;
    const attempts = await writeFailure(ctx, { ...about, chainId, payload, cause, build });
    if (attempts !== STUCK_AFTER) return;
    ctx.log.error(
      { ...fields, cause },
      'a job is stuck: it failed every time so far, and is tried less and less often',
    );
    await announceStuck(ctx.db, { ...about, chainId, cause }, ctx.now());
  };
  if (lost >= MOST_LOST) {
    await fail('the worker that was at it ended each time');
    return 'put-off';
  }
  try {
    await job.run(ctx, payload, AbortSignal.any([signal, ending]));
  } catch (error) {
    if (ending.aborted || signal.aborted) throw error;
    ctx.log.error({ ...fields, err: error }, 'job failed; it will be tried again');
    await fail(causeInWords(error));
    return 'put-off';
  }
  if (before) await forgetFailure(ctx.db, about);
  return 'done';
}

/** Queues failed jobs whose time has come. Meant to run every second. */
export async function queueDueFailures(ctx: Context): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    for (const { kind, payload } of await takeDueFailures(tx, ctx.now(), MAX_DUE)) {
      const known = JOB_KINDS.find((one) => one === kind);
      if (known) await ctx.queue.send(tx, known, Payloads[known].parse(payload) as JobPayload<typeof known>); // parsed by the schema of its own kind
    }
  });
}
