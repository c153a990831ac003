import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startPostgres } from '../postgres/start';
import type { Journal } from './journal';
import { startNodeProcess } from './node-process';
import { type Options, type PartName } from './options';
import { ROOT } from '../root';
import { Part, type Starter } from './part';
import type { ProcessList } from './process-list';
import { onSourceChange } from './source-watch';
import { removeRunFile, trustVariables, writeRunFile } from './run-file';
import { ensureSecrets } from './secrets';

const STOP_ORDER = ['web', 'worker', 'clickhouse', 'postgres'] as const satisfies readonly PartName[];
/** A stop lasts 10 s at most. */
const STOP_WITHIN_MS = 9500;
/** What must be left for the processes that stop later: the longer a worker drains, the less, but never nothing. */
const KEPT_FOR_LATER_MS = { web: 7500, worker: 2500, clickhouse: 1500, postgres: 0 } as const;

/**
 * How glibc gets memory for the worker, unless its starter says otherwise: large blocks each from the system, which they go back to at once. By default
 * the first that is freed teaches it to keep the next, some 30 MiB each, and between them nothing goes back.
 */
const WORKER_MEMORY = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(128 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
} as const;
/**
 * How much more than it needs each heap of the worker may hold before it is looked through, in per cent, and what is new in it, in MiB. By default it is
 * as much again, or twice, and 32 MiB: no quicker, as what the worker makes is seldom needed for long.
 */
const WORKER_FLAGS = ['--heap-growing-percent=30', '--max-semi-space-size=8'] as const;

/** The processes of one data directory and the environment they share. */
export class Installation {
  readonly #parts = new Map<PartName, Part>();
  readonly #env: NodeJS.ProcessEnv;
  readonly #secrets;
  #stopping: Promise<void> | null = null;
  /** Kept over restarts: the others know these addresses. */
  #ports = {
    postgres: Number(process.env['SEALTRAIL_POSTGRES_PORT'] ?? 0),
    clickhouse: Number(process.env['SEALTRAIL_CLICKHOUSE_PORT'] ?? 0),
  };

  constructor(
    private readonly options: Options & { readonly port: number; readonly publicUrl: string },
    private readonly journal: Journal,
    private readonly processes: ProcessList,
  ) {
    this.#secrets = ensureSecrets(options.dataDir);
    const evidenceDir = path.join(options.dataDir, 'evidence');
    if (!process.env['EVIDENCE_URL']) mkdirSync(evidenceDir, { recursive: true, mode: 0o700 });
    this.#env = {
      ...process.env,
      NODE_ENV: options.dev ? 'development' : 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      EVIDENCE_URL: process.env['EVIDENCE_URL'] || pathToFileURL(evidenceDir).href,
      SEALTRAIL_URL: options.publicUrl,
      SEALTRAIL_SECRET: process.env['SEALTRAIL_SECRET'] || this.#secrets.auth,
      SEALTRAIL_ROOT: ROOT,
      SEALTRAIL_DATA_DIR: options.dataDir,
      SEALTRAIL_HOST: options.host,
      SEALTRAIL_PORT: String(options.port),
    };
  }

  /** Starts everything in the order it needs. Resolves with the one-time set-up link, if one is still wanted. */
  async start(): Promise<string | null> {
    await Promise.all([
      this.#start('postgres', 'SIGINT', this.#postgres),
      this.#start('clickhouse', 'SIGTERM', this.#clickhouse),
    ]);
    this.#announce();
    const setupUrl = this.options.parts.includes('web') ? await this.#prepare() : null;
    await Promise.all([
      this.#start('web', 'SIGTERM', this.#node('workers/web.ts', false)),
      this.#start('worker', 'SIGTERM', this.#node('workers/main.ts', true, WORKER_MEMORY, WORKER_FLAGS)),
    ]);
    if (this.options.dev) this.#reloadWorker();
    return setupUrl;
  }

  /** Development: the worker runs the sources as they were when it started. Next sees to `web` itself. */
  #reloadWorker(): void {
    onSourceChange(['lib', 'workers'], (file) => {
      this.journal.log.info({ file }, 'sources changed, the worker is restarted');
      void this.#parts.get('worker')?.restart(3000);
    });
  }

  /** Stops web, worker, lake, database, in this order, within 10 s. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= (async () => {
      const end = Date.now() + STOP_WITHIN_MS;
      for (const name of STOP_ORDER) await this.#parts.get(name)?.stop(end - Date.now() - KEPT_FOR_LATER_MS[name]);
      removeRunFile(this.options.dataDir);
    })();
    return this.#stopping;
  }

  /** Ends every process without waiting for anything. */
  hurry(): void {
    for (const name of STOP_ORDER) this.#parts.get(name)?.kill();
  }

  async #start(name: PartName, stopSignal: NodeJS.Signals, starter: Starter): Promise<void> {
    if (!this.options.parts.includes(name) || this.#stopping) return;
    const part = new Part(name, starter, stopSignal, this.journal, this.processes);
    this.#parts.set(name, part);
    const startedAt = Date.now();
    await part.start();
    this.journal.say(`  ${name.padEnd(10)} ready in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }

  readonly #postgres: Starter = async (log, onChild) => {
    const { dataDir } = this.options;
    const running = await startPostgres({
      dataDir,
      password: this.#secrets.postgres,
      port: this.#ports.postgres,
      onLine: (line) => log.write(line),
      onChild,
    });
    this.#ports.postgres = running.port;
    this.#env['DATABASE_URL'] = running.url;
  };

  readonly #clickhouse: Starter = async (log, onChild) => {
    const password = this.#secrets.clickhouse;
    const { port } = await startNodeProcess({
      script: 'workers/clickhouse.ts',
      serverCondition: true,
      log,
      onChild,
      readyWithinMs: 60_000,
      // Queries run on libuv's pool, whose default of four would let four slow ones hold up the rest.
      env: {
        ...this.#env,
        SEALTRAIL_CLICKHOUSE_PASSWORD: password,
        SEALTRAIL_CLICKHOUSE_PORT: String(this.#ports.clickhouse),
        UV_THREADPOOL_SIZE: '16',
      },
    });
    if (!port) throw new Error('the lake did not say on which port it answers');
    this.#ports.clickhouse = port;
    this.#env['CLICKHOUSE_URL'] = `http://sealtrail:${password}@127.0.0.1:${port}/sealtrail`;
  };

  #node(
    script: string,
    serverCondition: boolean,
    defaults: Readonly<Record<string, string>> = {},
    flags: readonly string[] = [],
  ): Starter {
    return async (log, onChild) => {
      const env = { ...defaults, ...this.#env };
      await startNodeProcess({ script, serverCondition, env, flags, log, onChild, readyWithinMs: 120_000 });
    };
  }

  /** Schema and first administrator, in a process of its own: `web` runs under Next's conditions, this under the server's. */
  async #prepare(): Promise<string | null> {
    const log = this.journal.fileFor('prepare');
    const onChild = () => undefined;
    const { setupUrl } = await startNodeProcess({
      script: 'workers/prepare.ts',
      serverCondition: true,
      env: this.#env,
      log,
      onChild,
      readyWithinMs: 120_000,
    }).catch((error: unknown) => {
      const said = log
        .recent()
        .slice(-15)
        .map((line) => `    ${line}`)
        .join('\n');
      throw new Error(
        `the database could not be prepared: ${error instanceof Error ? error.message : String(error)}\n${said}\n  Log: ${log.file}`,
        { cause: error },
      );
    });
    return setupUrl ?? null;
  }

  #announce(): void {
    const value = (name: string) => this.#env[name] ?? '';
    writeRunFile(this.options.dataDir, {
      pid: process.pid,
      env: {
        DATABASE_URL: value('DATABASE_URL'),
        CLICKHOUSE_URL: value('CLICKHOUSE_URL'),
        EVIDENCE_URL: value('EVIDENCE_URL'),
        SEALTRAIL_URL: value('SEALTRAIL_URL'),
        SEALTRAIL_SECRET: value('SEALTRAIL_SECRET'),
        SEALTRAIL_ROOT: ROOT,
        SEALTRAIL_DATA_DIR: this.options.dataDir,
        ...trustVariables(this.#env, ROOT),
        ...(value('SEALTRAIL_LOG_KEY_FILE') && {
          SEALTRAIL_LOG_KEY_FILE: path.resolve(ROOT, value('SEALTRAIL_LOG_KEY_FILE')),
        }),
      },
    });
  }
}
