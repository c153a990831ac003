import 'server-only';
import { ensureAuthTables } from './access/auth-schema';
import type { RestoreContext } from './backup/restore-backup';
import type { Context } from './context';
import { openDatabase, openPool } from './db/database';
import { migrate } from './db/migrate';
import { createTailSeals } from './db/tail-seal';
import { type Env, readEnv } from './config/env';
import { openEvidence } from './evidence/open';
import { freeBytesOnDisk } from './evidence/room';
import { createHasher } from './crypto/hasher';
import { createEvidenceObserver } from './integrity/observer';
import { openLake } from './lake/client';
import { migrateLake } from './lake/migrate';
import { createLog } from './telemetry/log';
import { createMeter } from './telemetry/meter';
import { openQueue } from './queue/queue';

export type Role = 'web' | 'worker' | 'cli';

/** The one place where I/O is wired. Schema migrations run here, under a lock, before anything reads. */
export async function composeContext(env: Env, role: Role): Promise<Context> {
  const log = createLog(env.logLevel, role);
  const pool = openPool(env.databaseUrl, log, role === 'cli' ? 2 : 10);
  const lake = openLake(env.clickhouseUrl, env.lakeCluster);
  await migrate(pool, async () => {
    await ensureAuthTables({ env, pool, log });
    await migrateLake(lake, env.lakeCluster);
  });
  const db = openDatabase(pool);
  const now = () => new Date();
  const observer = createEvidenceObserver({ db, log, now });
  return {
    env,
    log,
    meter: createMeter(role),
    pool,
    db,
    probes: openDatabase(openPool(env.databaseUrl, log, 1)),
    queue: await openQueue(env.databaseUrl, log, { supervise: role === 'worker' }),
    evidence: await openEvidence(env.evidenceUrl, { ...env, observer }),
    seals: createTailSeals(env.secret, observer.tailAltered),
    freeBytes: freeBytesOnDisk,
    lake,
    hasher: await createHasher(),
    now,
  };
}

/** What a backup is restored with: nothing is migrated, and there is no lake yet. */
export async function composeRestore(env: Env): Promise<RestoreContext> {
  const log = createLog(env.logLevel, 'cli');
  const pool = openPool(env.databaseUrl, log, 2);
  return {
    env,
    log,
    pool,
    db: openDatabase(pool),
    queue: await openQueue(env.databaseUrl, log, { supervise: false }),
    evidence: await openEvidence(env.evidenceUrl, env),
    now: () => new Date(),
  };
}

export async function closeRestore({ queue, db }: RestoreContext): Promise<void> {
  await queue.stop(0);
  await db.destroy();
}

/** Ends every connection; what is under way fails. */
export async function closeContext(ctx: Context): Promise<void> {
  await ctx.queue.stop(0);
  await ctx.lake.close();
  await ctx.probes.destroy();
  await ctx.db.destroy();
  // Kysely ends no pool that it never asked anything of; what ran the migrations has used this one.
  if (!ctx.pool.ending) await ctx.pool.end();
}

const shared = globalThis as { sealtrailContext?: Promise<Context> }; // survives hot reload in development

/** The web process's context, made at first use; a failed attempt is not remembered. */
export function context(): Promise<Context> {
  shared.sealtrailContext ??= composeContext(readEnv(), 'web').catch((error: unknown) => {
    shared.sealtrailContext = undefined;
    throw error;
  });
  return shared.sealtrailContext;
}
