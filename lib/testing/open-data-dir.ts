import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startPostgres } from '@/workers/postgres/start';
import { startLake } from '@/workers/testing/embedded';
import { composeContext } from '../compose';
import { readEnv } from '../config/env';
import { type TestInstallation, installationOf } from './installation';

/** What lies in a data directory, as `npm start` would run it there: its own parts with its own secrets, with more of the environment if that is to be tried. */
export async function openDataDir(dataDir: string, variables: Record<string, string> = {}): Promise<TestInstallation> {
  const secret = (name: string) => readFileSync(path.join(dataDir, 'secrets', name), 'utf8').trim();
  const [postgres, lake] = await Promise.all([
    startPostgres({ dataDir, password: secret('postgres-password'), port: 0, onLine: () => undefined }),
    startLake(dataDir, secret('clickhouse-password'), 0),
  ]);
  const ctx = await composeContext(
    readEnv({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: postgres.url,
      CLICKHOUSE_URL: lake.url,
      EVIDENCE_URL: pathToFileURL(path.join(dataDir, 'evidence')).href,
      SEALTRAIL_DATA_DIR: dataDir,
      SEALTRAIL_URL: 'http://127.0.0.1:7325',
      SEALTRAIL_SECRET: secret('auth-secret'),
      ...variables,
    }),
    'worker',
  );
  return installationOf(ctx, async () => {
    const ended = new Promise((resolve) => postgres.child.once('exit', resolve));
    postgres.child.kill('SIGINT');
    await Promise.all([lake.stop(), ended]);
  });
}
