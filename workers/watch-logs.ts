import 'server-only';
import { hostname } from 'node:os';
import path from 'node:path';
import { systemActor } from '@/lib/access/actor';
import type { Context } from '@/lib/context';
import { AppError, type ErrorCode } from '@/lib/core/errors';
import { Forwarder, type Reported } from '@/lib/forward/forwarder';
import type { Answer, Sink } from '@/lib/forward/sink';
import { appendRecords } from '@/lib/ingest/append-records';
import { recordAlarm } from '@/lib/ingest/note-alarm';
import { isHolder, takeLock } from './supervisor/instance-lock';

/** Another worker of this host may follow the logs: whether it still does is asked this often. */
const TURN_MS = 5_000;
const TELL_MS = 5_000;
/** Logs that Settings lists. */
const MOST_LISTED = 1_000;

export type LogWatch = { /** Sends what is complete, for 5 s at most. */ stop(): Promise<void> };

/** Follows the logs of SEALTRAIL_WATCH and appends what is written to them; of several workers on this host one does. */
export function watchLogs(ctx: Context): LogWatch {
  if (ctx.env.watch.length === 0) return { stop: () => Promise.resolve() };
  const ending = new AbortController();
  const done = run(ctx, ending.signal).catch((error: unknown) =>
    ctx.log.error({ err: error }, 'logs are not watched any more'),
  );
  return {
    stop() {
      ending.abort();
      return done;
    },
  };
}

async function run(ctx: Context, signal: AbortSignal): Promise<void> {
  const turn = async () => takeLock(`watch:${ctx.env.databaseUrl}`);
  let lock = await turn();
  for (; isHolder(lock); lock = await turn()) {
    await pause(TURN_MS, signal);
    if (signal.aborted) return;
  }
  try {
    while (!signal.aborted) {
      await follow(ctx, signal);
      // Everything was refused: perhaps not for good.
      await pause(60_000, signal);
    }
  } finally {
    lock.release();
  }
}

async function follow(ctx: Context, signal: AbortSignal): Promise<void> {
  const forwarder = new Forwarder({
    sources: ctx.env.watch,
    format: null,
    sink: ownSink(ctx),
    hasher: ctx.hasher,
    stateDir: path.join(ctx.env.dataDir, 'watch'),
    begin: 'start',
    resend: false,
    once: false,
    tell: (reported) => note(ctx, reported),
  });
  const stop = () => forwarder.stop();
  signal.addEventListener('abort', stop);
  const tell = () =>
    list(ctx, forwarder).catch((error: unknown) => ctx.log.warn({ err: error }, 'watched logs cannot be listed'));
  const timer = setInterval(() => void tell(), TELL_MS);
  try {
    await forwarder.run();
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
    await tell();
  }
}

function note({ log }: Context, { level, message, ...about }: Reported): void {
  if (level === 'info') log.info(about, message);
  else if (level === 'warn') log.warn(about, message);
  else log.error({ ...about, alarm: level === 'alarm' }, message);
}

/** What Settings shows. */
async function list({ db, now }: Context, forwarder: Forwarder): Promise<void> {
  const host = hostname();
  const rows = forwarder
    .status()
    .logs.slice(0, MOST_LISTED)
    .map(({ log, chain, phase, message, lagBytes }) => ({
      host,
      log,
      chain,
      phase,
      message,
      lag_bytes: lagBytes,
      seen_at: now(),
    }));
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('watched_logs').where('host', '=', host).execute();
    if (rows.length > 0) await tx.insertInto('watched_logs').values(rows).execute();
  });
}

/** Appends without HTTP. */
function ownSink(ctx: Context): Sink {
  const actor = systemActor(`watch ${hostname()}`, `${hostname()} (watched)`);
  return {
    async append({ chain, format, offset, bytes, lagBytes }) {
      try {
        const receipt = await appendRecords(
          ctx,
          {
            chain,
            format: format ?? undefined,
            bytes,
            precondition: { kind: 'offset', offset },
            idempotency: null,
            actor,
            lagBytes,
          },
          'watch',
        );
        return { kind: 'accepted', offset: receipt.offset, head: receipt.head };
      } catch (error) {
        return answerOf(error);
      }
    },
    async alarm(chain, alarm) {
      try {
        await recordAlarm(ctx, { chain, alarm, actor });
        return true;
      } catch (error) {
        ctx.log.warn({ err: error, chain }, 'an alarm cannot be kept yet');
        return false;
      }
    },
  };
}

/** What another try can change. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BUSY',
  'STORAGE_FULL',
  'UNAVAILABLE',
  'EVIDENCE_UNAVAILABLE',
  'EVIDENCE_MISSING',
  'EVIDENCE_ALTERED',
]);

function answerOf(error: unknown): Answer {
  if (!(error instanceof AppError))
    return {
      kind: 'later',
      message: `the database does not answer: ${error instanceof Error ? error.message : String(error)}`,
      afterMs: null,
      everything: true,
    };
  const { offset, head, sealedAt } = error.details;
  if (error.code === 'CONFLICT' && sealedAt === undefined && typeof offset === 'number')
    return { kind: 'conflict', offset, head: typeof head === 'string' ? head : null };
  if (PASSING.has(error.code))
    return { kind: 'later', message: error.message, afterMs: null, everything: error.code !== 'BUSY' };
  return { kind: 'refused', message: error.message };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}
