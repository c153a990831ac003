import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { closeContext, composeContext } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { type Env, readEnv } from '@/lib/config/env';
import { shippedRules } from '@/lib/detect/shipped-rules';
import { attemptJob, queueDueFailures } from '@/lib/queue/attempt';
import type { JobDefinition } from '@/lib/queue/job';
import type { JobKind } from '@/lib/queue/kinds';
import { JOBS } from '@/workers/jobs';
import { testActor } from './actor';
import { type Databases, hasEngines, makeDatabases } from './databases';

export type TestInstallation = {
  ctx: Context;
  /** Takes jobs from here on, as a worker does. */
  work(): Promise<void>;
  /** Resolves when the chain as it stands is verified, loaded, searched by the rules and attested. */
  settled(chainId: string): Promise<void>;
  stop(): Promise<void>;
};

const SETTLE_MS = 60_000;
/** What runs where `rules` is `one`: the burst of denied calls in one session. */
const ONE_RULE = '5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a01';

type Options = {
  /** `one` for what is not about rules: they take nine tenths of what a log costs from its upload to its signature. */
  rules?: 'all' | 'one';
};

/** The real parts on databases and a temporary directory of its own, wired as in production, with more of the environment if that is to be tried. */
export async function startInstallation(
  variables: Record<string, string> = {},
  { rules = 'all' }: Options = {},
): Promise<TestInstallation> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sealtrail-data-'));
  const databases = await makeDatabases(await template());
  const ctx = await composeContext(environment(databases, dataDir, variables), 'worker');
  if (rules === 'one') await keepOneRule(ctx);
  return installationOf(ctx, async () => {
    await databases.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
}

function environment(
  { databaseUrl, clickhouseUrl }: Databases,
  dataDir: string,
  variables: Record<string, string> = {},
): Env {
  return readEnv({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
    CLICKHOUSE_URL: clickhouseUrl,
    EVIDENCE_URL: pathToFileURL(path.join(dataDir, 'evidence')).href,
    SEALTRAIL_DATA_DIR: dataDir,
    SEALTRAIL_URL: 'http://127.0.0.1:7325',
    SEALTRAIL_SECRET: randomBytes(32).toString('hex'),
    ...variables,
  });
}

let migrated: Promise<string> | undefined;

/** A database that every migration has run in, and nothing else: made once a process, as the others are copies of it. Where there are no engines to keep it, none. */
function template(): Promise<string | undefined> {
  if (!hasEngines()) return Promise.resolve(undefined);
  migrated ??= (async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sealtrail-template-'));
    const databases = await makeDatabases();
    await closeContext(await composeContext(environment(databases, dataDir), 'worker'));
    await rm(dataDir, { recursive: true, force: true });
    return new URL(databases.databaseUrl).pathname.slice(1);
  })();
  return migrated;
}

/** An installation by its context; `afterwards` is done once it is closed. */
export function installationOf(ctx: Context, afterwards: () => Promise<void>): TestInstallation {
  const ending = new AbortController();
  const take = <K extends JobKind>(job: JobDefinition<K>) =>
    ctx.queue.work(job, (delivery) => attemptJob(ctx, { job, build: 'test', ending: ending.signal }, delivery));
  let beat: NodeJS.Timeout | undefined;
  return {
    ctx,
    async work() {
      for (const job of JOBS) await take(job);
      beat = setInterval(() => void queueDueFailures(ctx).catch(() => undefined), 500); // the installation may be ending
    },
    async settled(chainId) {
      for (
        const untilMs = Date.now() + SETTLE_MS;
        Date.now() < untilMs;
        await new Promise((resolve) => setTimeout(resolve, 50))
      ) {
        const row = await ctx.db
          .selectFrom('chains as c')
          .innerJoin('attestations as a', (join) =>
            join.onRef('a.chain_id', '=', 'c.id').onRef('a.generation', '=', 'c.generation'),
          )
          .where('c.id', '=', chainId)
          .select('c.id')
          .executeTakeFirst();
        if (row) return;
      }
      const failures = await ctx.db.selectFrom('job_failures').selectAll().execute();
      throw new Error(`chain ${chainId} did not settle in ${SETTLE_MS} ms; jobs failed: ${JSON.stringify(failures)}`);
    },
    async stop() {
      clearInterval(beat);
      ending.abort(new Error('the test is over'));
      await closeContext(ctx);
      await afterwards();
    },
  };
}

/** Takes out every rule that ships but one, before anything was recorded. */
async function keepOneRule(ctx: Context): Promise<void> {
  const others = (await shippedRules(ctx)).filter(({ id }) => id !== ONE_RULE);
  const { id, name } = testActor();
  const setting = { is_enabled: false, changed_by_id: id, changed_by: name, changed_at: new Date(0), reason: null };
  await ctx.db
    .insertInto('rule_settings')
    .values(others.map((rule) => ({ rule_id: rule.id, ...setting })))
    .execute();
}
