import 'server-only';
import { mkdir } from 'node:fs/promises';
import pg from 'pg';
import { ensureAuthTables } from './access/auth-schema';
import type { RestoreContext } from './backup/restore-backup';
import { listWorkspaces, requireWorkspace } from './access/workspaces/workspaces';
import type { Context, ProcessRole } from './context';
import { openDatabase, openPool } from './db/database';
import { migrate } from './db/migrate';
import { createTailSeals } from './db/tail-seal';
import { type Env, readEnv } from './config/env';
import { schemaOf, workspaceEnv } from './config/workspace-env';
import { DEFAULT_WORKSPACE } from './schemas/workspace-id';
import { WorkspaceId } from './schemas/workspaces';
import { openEvidence } from './evidence/open';
import { freeBytesOnDisk } from './evidence/room';
import { createHasher } from './crypto/hasher';
import { createEvidenceObserver } from './integrity/observer';
import { openLake } from './lake/client';
import { createLakeDatabase } from './lake/layout';
import { migrateLake } from './lake/migrate';
import { perContext } from './per-context';
import { type Logger, createLog } from './telemetry/log';
import { createMeter } from './telemetry/meter';
import { openQueue } from './queue/queue';

/** The one place where I/O is wired: the context of the workspace every installation has. Schema migrations run here, under a lock, before anything reads. */
export function composeContext(env: Env, role: ProcessRole): Promise<Context> {
  return compose(env, role, createLog(env.logLevel, role), role === 'cli' ? 2 : 10);
}

/** Contexts of further workspaces, by the context of the installation. */
const further = perContext('workspaces', () => new Map<string, Promise<Context>>());

/**
 * The context of a workspace: all that a verb is handed, so that it can name nothing of another. Made at first use, and kept. A failed attempt is not remembered.
 * @throws AppError NOT_FOUND.
 */
export async function contextOf(installation: Context, workspaceId: string): Promise<Context> {
  if (workspaceId === installation.env.workspaceId) return installation;
  const opened = further(installation);
  const known = opened.get(workspaceId);
  if (known) return known;
  await requireWorkspace(installation, workspaceId);
  return openWorkspace(installation, workspaceId);
}

/** Contexts of further workspaces that this process works with. */
export async function openedContexts(installation: Context): Promise<Context[]> {
  const opened = await Promise.allSettled(further(installation).values());
  return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** The same of one that may not be on record yet: its schema and its database of the lake are made, which nobody is led to before it is. */
export function openWorkspace(installation: Context, workspaceId: string): Promise<Context> {
  const opened = further(installation);
  const made = opened.get(workspaceId) ?? composeWorkspace(installation, WorkspaceId.parse(workspaceId));
  opened.set(workspaceId, made);
  made.catch(() => opened.delete(workspaceId));
  return made;
}

/** Contexts of every further workspace there is. */
export async function furtherContexts(installation: Context): Promise<Context[]> {
  const ids = (await listWorkspaces(installation)).map(({ id }) => id);
  const found: Context[] = [];
  for (const id of ids) if (id !== installation.env.workspaceId) found.push(await contextOf(installation, id));
  return found;
}

async function composeWorkspace({ env, process, log, pool, lake }: Context, workspaceId: string): Promise<Context> {
  const own = workspaceEnv(env, workspaceId);
  await makeSchema(pool, own);
  await createLakeDatabase(lake, new URL(own.clickhouseUrl).pathname.slice(1), own.lakeCluster);
  return compose(own, process, log.child({ workspace: workspaceId }), FURTHER_CONNECTIONS[process]);
}

/** Few, as there may be many workspaces; idle ones end. */
const FURTHER_CONNECTIONS: Record<ProcessRole, number> = { web: 5, worker: 8, cli: 2 };

async function compose(env: Env, role: ProcessRole, log: Logger, maxConnections: number): Promise<Context> {
  const { workspaceId } = env;
  const pool = openPool(env.databaseUrl, log, { maxConnections, workspaceId });
  const lake = openLake(env.clickhouseUrl, env.lakeCluster);
  await migrate(pool, workspaceId, async () => {
    if (workspaceId === DEFAULT_WORKSPACE) await ensureAuthTables({ env, pool, log });
    await migrateLake(lake, env.lakeCluster);
  });
  const db = openDatabase(pool, workspaceId);
  const now = () => new Date();
  const observer = createEvidenceObserver({ db, log, now });
  return {
    env,
    process: role,
    log,
    meter: createMeter(role),
    pool,
    db,
    probes: openDatabase(openPool(env.databaseUrl, log, { maxConnections: 1, workspaceId }), workspaceId),
    queue: await openQueue(env.databaseUrl, log, { supervise: role === 'worker', workspaceId }),
    evidence: await openEvidence(env.evidenceUrl, { ...env, observer }),
    seals: createTailSeals(sealSecret(env), observer.tailAltered),
    freeBytes: freeBytesOnDisk,
    lake,
    hasher: await createHasher(),
    now,
  };
}

/** What is open in one workspace does not pass for what is in another. */
function sealSecret({ secret, workspaceId }: Env): string {
  return workspaceId === DEFAULT_WORKSPACE ? secret : `${secret} of workspace ${workspaceId}`;
}

/** What a backup is restored with: nothing is migrated, and there is no lake yet. */
export async function composeRestore(env: Env): Promise<RestoreContext> {
  const log = createLog(env.logLevel, 'cli');
  const { workspaceId } = env;
  const pool = openPool(env.databaseUrl, log, { maxConnections: 2, workspaceId });
  return {
    env,
    log,
    pool,
    db: openDatabase(pool, workspaceId),
    queue: await openQueue(env.databaseUrl, log, { supervise: false, workspaceId }),
    evidence: await openEvidence(env.evidenceUrl, env),
    now: () => new Date(),
    async further(id) {
      const own = workspaceEnv(env, WorkspaceId.parse(id));
      await makeSchema(pool, own);
      const ctx = await composeRestore(own);
      return { ctx, close: () => closeRestore(ctx) };
    },
  };
}

/** What is there before a connection is of a workspace. */
async function makeSchema(pool: pg.Pool, { workspaceId, secretsDir }: Env): Promise<void> {
  await mkdir(secretsDir, { recursive: true, mode: 0o700 });
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schemaOf(workspaceId))}`);
}

export async function closeRestore(ctx: RestoreContext): Promise<void> {
  await ctx.queue.stop(0);
  await endDatabase(ctx);
}

/** Kysely ends no pool that it never asked anything of; what made schemas and ran migrations has used it. */
async function endDatabase({ db, pool }: Pick<Context, 'db' | 'pool'>): Promise<void> {
  await db.destroy();
  if (!pool.ending) await pool.end();
}

/** Ends every connection, those of further workspaces too; what is under way fails. */
export async function closeContext(ctx: Context): Promise<void> {
  for (const own of further(ctx).values()) await own.then(closeContext, () => undefined); // one that was not made has none
  await ctx.queue.stop(0);
  await ctx.lake.close();
  await ctx.probes.destroy();
  await endDatabase(ctx);
}

const shared = globalThis as { sealtrailContext?: Promise<Context> }; // survives hot reload in development

/** The context of the installation in the web process, made at first use; a failed attempt is not remembered. */
export function context(): Promise<Context> {
  shared.sealtrailContext ??= composeContext(readEnv(), 'web').catch((error: unknown) => {
    shared.sealtrailContext = undefined;
    throw error;
  });
  return shared.sealtrailContext;
}
