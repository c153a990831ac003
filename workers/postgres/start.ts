import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { eachLine } from '../each-line';
import { freePort } from '../free-port';
import { PROGRAM_ENV } from './account';
import { ensureCluster, SUPERUSER } from './cluster';
import { endOrphan } from './orphan';
import { locateCluster } from './cluster-location';

/** Of a server that could not start for now. */
const PASSING = /pre-existing shared memory block|Address already in use|lock file "postmaster.pid" already exists/;

const DATABASE = 'sealtrail';
/** A crashed server's last backend may hold its shared memory this long; measured 7 s under load. */
const START_PATIENCE_MS = 60_000;

export type PostgresOptions = {
  /** Exists already, mode 0700. The cluster lies in `postgres` below it. */
  readonly dataDir: string;
  readonly password: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly onLine: (line: string) => void;
  /** Given to the server beside what it needs; nothing of ours when it is not said. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of every server spawned, the ones that end while starting included. */
  readonly onChild?: (child: ChildProcess) => void;
};

export type RunningPostgres = { readonly url: string; readonly port: number; readonly child: ChildProcess };

/**
 * Starts the built-in PostgreSQL on 127.0.0.1 and resolves once database `sealtrail` answers. An orphan on the
 * same cluster is ended first. The child is in its own process group: a terminal's Ctrl-C does not reach it.
 * SIGINT makes it shut down fast. Throws with the server's last words when it does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const location = locateCluster(options.dataDir);
  await endOrphan(location.clusterDir);
  await ensureCluster(location, options.password);
  const patience = AbortSignal.timeout(START_PATIENCE_MS);
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    const lastWords: string[] = [];
    const onLine = (line: string) => {
      lastWords.push(line);
      if (lastWords.length > 20) lastWords.shift();
      options.onLine(line);
    };
    const { file, args } = location.account.command(path.join(location.binariesDir, 'bin', 'postgres'), [
      '-D',
      location.clusterDir,
      '-p',
      String(port),
      ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]);
    const child = spawn(file, args, {
      ...location.account.spawnOptions,
      cwd: location.clusterDir,
      env: { ...PROGRAM_ENV, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    options.onChild?.(child);
    eachLine([child.stdout, child.stderr], onLine);
    const url = `postgresql://${SUPERUSER}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${DATABASE}`;
    if (await becomesReady(child, url)) return { url, port, child };
    const said = lastWords.join('\n');
    // oxlint-disable-next-line house/no-decision-on-words -- PostgreSQL tells why it does not start in its last lines alone
    const passing = PASSING.test(said);
    if (!passing || patience.aborted) throw new Error(`PostgreSQL did not start (attempt ${attempt}):\n${said}`);
    await sleep(Math.min(100 * attempt, 1000));
  }
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '500',
  shared_buffers: '256MB',
  wal_compression: 'on',
  max_wal_size: '2GB',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
} as const;

/** False when the server ended before it answered. Throws on a refusal waiting cannot mend, such as a wrong password. */
async function becomesReady(child: ChildProcess, url: string): Promise<boolean> {
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  for (;;) {
    await sleep(25);
    if (ended) return false;
    const client = new Client({ connectionString: maintenance.href, connectionTimeoutMillis: 5000 });
    client.on('error', () => (ended = true));
    try {
      await client.connect();
      const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`create database ${DATABASE}`);
      return true;
    } catch (error) {
      if (!isStartingUp(error)) {
        child.kill('SIGQUIT');
        throw error;
      }
    } finally {
      await client.end();
    }
  }
}

/** Not listening yet, or `57P03 cannot_connect_now` during crash recovery. */
function isStartingUp(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  // oxlint-disable-next-line house/no-decision-on-words -- pg has no code for a connection that ends or is not made in time
  const isCut = /terminated|timeout/i.test(error.message);
  return isCut || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === '57P03';
}
