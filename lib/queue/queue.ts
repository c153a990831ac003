import 'server-only';
import { PgBoss, fromKysely } from 'pg-boss';
import { queueSchemaOf } from '../config/workspace-env';
import type { Tx } from '../db/database';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import type { Logger } from '../telemetry/log';
import type { Delivery } from './attempt';
import type { JobDefinition } from './job';
import { FORMER_NAMES, JOB_KINDS, type JobKind, type JobPayload, Payloads, singletonKey } from './kinds';
import { turnOf } from './turn';

/** Seconds without a sign of life after which another worker takes a job over. */
const HEARTBEAT_SECONDS = 15;

export type Queue = {
  /**
   * Adds a job in the writer's transaction: both commit or neither does. A waiting job for the same key is enough. Senders of logs take turns: the
   * first chain of one goes before the second of another, so that nobody waits for the whole of somebody else's burst.
   */
  send<K extends JobKind>(tx: Tx, kind: K, payload: JobPayload<K>): Promise<void>;
  /** Runs jobs until `stop`. */
  work<K extends JobKind>(job: JobDefinition<K>, run: (delivery: Delivery<K>) => Promise<unknown>): Promise<void>;
  /** Lets running jobs end, for at most `timeoutMs`; what is still running is taken over by another worker. */
  stop(timeoutMs: number): Promise<void>;
};

/** Opens the queue. Only a worker supervises it (expiry, retries, clean-up). */
export async function openQueue(
  databaseUrl: string,
  log: Logger,
  { supervise, workspaceId = DEFAULT_WORKSPACE }: { supervise: boolean; workspaceId?: string },
): Promise<Queue> {
  const isDefault = workspaceId === DEFAULT_WORKSPACE;
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: queueSchemaOf(workspaceId),
    max: isDefault ? (supervise ? 6 : 2) : supervise ? 2 : 1,
    supervise,
    schedule: false,
    useListenNotify: supervise,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    application_name: 'sealtrail-queue',
  });
  boss.on('error', (error) => log.warn({ err: error }, 'queue'));
  await boss.start();
  const names = [...JOB_KINDS, ...Object.values(FORMER_NAMES)];
  // One question for all of them: to make one that is there costs every start one each.
  const made = new Set((await boss.getQueues(names)).map(({ name }) => name));
  for (const name of names) {
    if (made.has(name)) continue;
    await boss.createQueue(name, {
      policy: 'short',
      retryLimit: 20,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 60,
      expireInSeconds: 6 * 3600,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      notify: true,
    });
  }
  return {
    async send(tx, kind, payload) {
      const { turn, sender } = await turnOf(tx, kind, payload);
      await boss.send(kind, Payloads[kind].parse(payload), {
        db: fromKysely(tx),
        singletonKey: singletonKey(payload),
        priority: -turn,
        group: { id: sender },
      });
    },
    async work(job, run) {
      const options = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: isDefault ? 2 : 10, batchSize: 1 };
      const former = FORMER_NAMES[job.kind];
      for (const name of [...Array.from({ length: job.concurrency }, () => job.kind), ...(former ? [former] : [])]) {
        let takerId = '';
        takerId = await boss.work(name, options, async ([delivered]) => {
          if (!delivered) return;
          // Where one job waited another may: look again right after this one, not at the next poll.
          boss.notifyWorker(takerId);
          const payload = Payloads[job.kind].parse(delivered.data) as JobPayload<typeof job.kind>; // parsed by the schema of its own kind
          await run({ payload, signal: delivered.signal, lost: delivered.retryCount });
        });
      }
    },
    async stop(timeoutMs) {
      await boss.stop({ graceful: true, timeout: timeoutMs });
    },
  };
}
