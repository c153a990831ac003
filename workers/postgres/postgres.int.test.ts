import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { installedBinaries } from './binaries';
import { type RunningPostgres, startPostgres } from './start';

const isRoot = process.getuid?.() === 0;
const made: string[] = [];
const started = new Set<RunningPostgres>();

/** A data directory on a path with spaces; 0700 above, as `mktemp -d` makes it. */
function dataDirIn(mode: number): string {
  const parent = mkdtempSync(path.join(tmpdir(), 'sealtrail postgres '));
  chmodSync(parent, mode);
  made.push(parent);
  const dataDir = path.join(parent, 'data dir');
  mkdirSync(dataDir, { mode: 0o700 });
  return dataDir;
}

async function start(dataDir: string): Promise<RunningPostgres> {
  const running = await startPostgres({ dataDir, password: 'p@ss/wörd', port: 0, onLine: () => undefined });
  started.add(running);
  return running;
}

function end(running: RunningPostgres, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  started.delete(running);
  if (running.child.exitCode !== null || running.child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    running.child.once('exit', () => resolve());
    running.child.kill(signal);
  });
}

async function query(running: RunningPostgres, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: running.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  await Promise.all(Array.from(started, (running) => end(running)));
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

it('makes a checksummed UTF-8 cluster whose order depends on no locale library, on loopback with passwords', async () => {
  const running = await start(dataDirIn(0o755));
  expect(
    await query(
      running,
      `select current_database(), current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding,
    (select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()) as locale,
    current_setting('listen_addresses') as listens, current_setting('fsync') || ' ' || current_setting('synchronous_commit') as durable`,
    ),
  ).toEqual([
    {
      current_database: 'sealtrail',
      checksums: 'on',
      encoding: 'UTF8',
      locale: 'b C.UTF-8',
      listens: '127.0.0.1',
      durable: 'on on',
    },
  ]);
  const stranger = new Client({ connectionString: running.url.replace(/:[^:@]+@/, ':wrong@') });
  await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
});

it('keeps what was committed when the server and a busy backend are left behind by kill -9', async () => {
  const dataDir = dataDirIn(0o755);
  const first = await start(dataDir);
  await query(first, 'create table kept (n int); insert into kept values (1)');
  const busy = new Client({ connectionString: first.url });
  busy.on('error', () => undefined);
  await busy.connect();
  const endless = busy.query('select count(*) from generate_series(1, 100000000000)').then(
    () => 'finished',
    () => 'broken off',
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  await end(first, 'SIGKILL');
  const second = await start(dataDir);
  expect(await endless).toBe('broken off');
  expect(await query(second, 'select n from kept')).toEqual([{ n: 1 }]);
});

it('ends a server that still runs on the same cluster', async () => {
  const dataDir = dataDirIn(0o755);
  const orphan = await start(dataDir);
  const gone = new Promise((resolve) => orphan.child.once('exit', resolve));
  const second = await start(dataDir);
  await gone;
  expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
});

it('starts two side by side', async () => {
  const [one, two] = await Promise.all([start(dataDirIn(0o755)), start(dataDirIn(0o755))]);
  expect(one.port).not.toBe(two.port);
});

it('puts the library links back that an install without scripts leaves out', async () => {
  const link = path.join(installedBinaries(), 'lib', 'libpq.so.5');
  unlinkSync(link);
  expect(existsSync(path.join(installedBinaries(), 'lib', 'libpq.so.5'))).toBe(true);
});

it('leaves nothing half made when the first start is broken off', async () => {
  const dataDir = dataDirIn(0o755);
  mkdirSync(path.join(dataDir, 'postgres.new', 'base'), { recursive: true });
  await start(dataDir);
  expect(existsSync(path.join(dataDir, 'postgres.new'))).toBe(false);
  expect(existsSync(path.join(dataDir, 'postgres.password'))).toBe(false);
});

describe.runIf(isRoot)('as root', () => {
  it('runs as nobody, who can pass through the data directory and not list it', async () => {
    const dataDir = dataDirIn(0o755);
    const running = await start(dataDir);
    expect(uidOf(running)).toBe(65534);
    expect(statSync(dataDir).mode & 0o777).toBe(0o710);
    expect(statSync(path.join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
  });

  it('runs as nobody below a directory that only root may enter', async () => {
    const dataDir = dataDirIn(0o700);
    const running = await start(dataDir);
    expect(uidOf(running)).toBe(65534);
    expect(existsSync(path.join(dataDir, 'postgres', 'PG_VERSION'))).toBe(true);
    await query(running, 'create table kept as select 1 as n');
    expect(await query(running, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('moves to /var/lib/sealtrail where the right to enter cannot be passed on, and finds its data again there', async () => {
    if (!existsSync('/var/lib/sealtrail')) made.push('/var/lib/sealtrail');
    const dataDir = dataDirIn(0o700);
    const { PATH } = process.env;
    process.env['PATH'] = '/nowhere'; // no setpriv to be found
    try {
      const first = await start(dataDir);
      await query(first, 'create table kept as select 1 as n');
      await end(first);
      process.env['PATH'] = PATH;
      const second = await start(dataDir);
      expect(await query(second, 'select n from kept')).toEqual([{ n: 1 }]);
      const clusterDir = readFileSync(path.join(dataDir, 'postgres.location'), 'utf8').trim();
      expect(clusterDir).toMatch(/^\/var\/lib\/sealtrail\/[0-9a-f]{16}\/postgres$/);
      made.push(path.dirname(clusterDir));
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

function uidOf({ child }: RunningPostgres): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]);
}
