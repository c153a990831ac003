import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../postgres/start';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Embedded = {
  /** PostgreSQL superuser of an empty database `sealtrail`. */
  readonly databaseUrl: string;
  /** The lake, with an empty database `sealtrail`. */
  readonly clickhouseUrl: string;
  /** Ends both and removes their data. */
  readonly stop: () => Promise<void>;
};

/** The real embedded parts on a fresh temporary directory, for integration tests. About 1.5 s. */
export async function startEmbedded(): Promise<Embedded> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-test-'));
  chmodSync(dataDir, 0o700);
  const password = 'only-for-this-test';
  const [postgres, lake] = await Promise.all([
    startPostgres({ dataDir, password, port: 0, onLine: () => undefined, env: clockOf(process.env) }),
    startLake(dataDir, password, 0),
  ]);
  return {
    databaseUrl: postgres.url,
    clickhouseUrl: lake.url,
    stop: async () => {
      await lake.stop();
      const ended = new Promise((resolve) => postgres.child.once('exit', resolve));
      if (postgres.child.exitCode === null) postgres.child.kill('SIGINT');
      else return;
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What libfaketime goes by: a server with another clock than ours would be a test of nothing. */
function clockOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && /^(?:LD_PRELOAD|FAKETIME\w*|NO_FAKE_STAT)$/.test(name) ? [[name, value]] : [],
    ),
  );
}

/** No statement asks the lake for the time, and what shows it another takes ten times as long. */
function withoutClock(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const left = { ...env };
  for (const name of Object.keys(clockOf(env))) delete left[name];
  return left;
}

export type TestLake = {
  readonly url: string;
  readonly port: number;
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
};

/** The lake process alone on a data directory. Port 0 takes a free one. */
export function startLake(dataDir: string, password: string, port: number): Promise<TestLake> {
  const credentials = `sealtrail:${encodeURIComponent(password)}`;
  const child = fork(path.join(ROOT, 'workers/clickhouse.ts'), {
    cwd: ROOT,
    execArgv: ['--conditions=react-server', '--import', 'tsx'],
    env: {
      ...withoutClock(process.env),
      SEALTRAIL_DATA_DIR: dataDir,
      SEALTRAIL_CLICKHOUSE_PASSWORD: password,
      SEALTRAIL_CLICKHOUSE_PORT: String(port),
      UV_THREADPOOL_SIZE: '16',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the lake ended with ${code}:\n${said}`)));
    child.once('message', (message: { port: number }) => {
      resolve({
        url: `http://${credentials}@127.0.0.1:${message.port}/sealtrail`,
        port: message.port,
        stop: async (signal = 'SIGTERM') => {
          child.kill(signal);
          await ended;
        },
      });
    });
  });
}
