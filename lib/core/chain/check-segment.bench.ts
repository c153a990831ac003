import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { createBrowserHasher } from '../../crypto/hasher-browser';
import { arbiterLog } from '../../ingest/sample/arbiter-log';
import { occasioLog } from '../../ingest/sample/occasio-log';
import { createRandom } from '../../ingest/sample/random';
import { type Content, type WrittenId, toBytes, writers } from '../../testing/chains';
import { type FollowOptions, createFollower } from '../../verify/log/follow-reference';
import { createThreadPool } from '../../threads/thread-pool';
import type { Answered, Requested } from '../../verify/local/task-thread';
import { formatById } from '../formats';
import { createSegmentChecker } from './check-segment';

const RECORDS = 40_000;
const WARM_MS = 1_000;
const RUN_MS = 2_000;
const LONG_LOG_BYTES = 512 * 1024 * 1024;
const END_MS = Date.UTC(2026, 4, 11);
const ROOT = path.resolve(import.meta.dirname, '../../..');

const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasher = await createHasher();
const random = createRandom(1);
const byFormat = writers(hasher);
const contents = Array.from(
  { length: RECORDS },
  (_, index): Content => ({
    tool: random.pick(['bash', 'read_file', 'grep']),
    decision: random.chance(0.1) ? 'deny' : 'allow',
    note: `${index} /srv/repo/src/${random.uuid()}.ts`,
  }),
);
const logs: Record<WrittenId, Buffer> = {
  occasio: toBytes(occasioLog(random, hasher, END_MS, { agent: 'bench', calls: RECORDS })),
  arbiter: toBytes(arbiterLog(random, hasher, END_MS, { agent: 'bench', calls: RECORDS })),
  nono: toBytes(byFormat.nono.write(contents)),
  agentfence: toBytes(byFormat.agentfence.write(contents)),
  vouch: toBytes(byFormat.vouch.write(contents)),
};
const fileOf = (format: WrittenId) => path.join(folder, `${format}.jsonl`);
const formats = Object.values(byFormat).map(({ format }) => format);
for (const { id } of formats) writeFileSync(fileOf(id), logs[id]);
const rowBytes = (format: WrittenId) => Math.round(logs[format].length / RECORDS);

type Speed = { rowsPerSecond: number; megabytesPerSecond: number };

/** Checks the log of a format over and over on threads, each reading it from its file. */
async function onThreads(format: WrittenId, threads: number): Promise<Speed> {
  const pool = createThreadPool('lib/verify/local/task-thread.ts', threads, {
    workerData: { bytesRead: new SharedArrayBuffer(8) },
  });
  const input = { range: { path: fileOf(format), from: 0, to: logs[format].length }, format, kept: 1 };
  const check = () =>
    pool.use(async (thread) => {
      const task: Requested = { kind: 'check', input };
      thread.postMessage(task, []);
      const [answered] = (await once(thread, 'message')) as [Answered]; // the thread answers each task once
      expect(answered).toMatchObject({ output: { check: { validRecords: RECORDS }, problems: [] } });
    });
  const forMs = async (ms: number) => {
    const startedMs = performance.now();
    let done = 0;
    const repeat = async () => {
      for (; performance.now() - startedMs < ms; done += 1) await check();
    };
    await Promise.all(Array.from({ length: threads }, repeat));
    return speed(format, done, performance.now() - startedMs);
  };
  await forMs(WARM_MS);
  const measured = await forMs(RUN_MS);
  await pool.close();
  return measured;
}

/** Does work on the log of a format over and over, here. */
function here(format: WrittenId, work: () => void): Speed {
  for (const startedMs = performance.now(); performance.now() - startedMs < WARM_MS; ) work();
  const startedMs = performance.now();
  let done = 0;
  for (; performance.now() - startedMs < RUN_MS; done += 1) work();
  return speed(format, done, performance.now() - startedMs);
}

function speed(format: WrittenId, logsDone: number, elapsedMs: number): Speed {
  return {
    rowsPerSecond: (logsDone * RECORDS * 1000) / elapsedMs,
    megabytesPerSecond: (logsDone * logs[format].length) / elapsedMs / 1000,
  };
}

/** The published rule of Occasio's own verifier, walked plainly: the whole file as a string, parse, stringify, hash. */
function plainWalk(): void {
  let expected = '0'.repeat(64);
  for (const line of logs.occasio.toString('utf8').split('\n')) {
    if (line === '') continue;
    const { hash: own, ...covered } = JSON.parse(line);
    const computed = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
    if (covered.prev_hash !== expected || computed !== own) throw new Error('the bench log must verify');
    expected = computed;
  }
}

/** Of this machine's OpenSSL, hashing pieces of some bytes; null where there is none. */
function openssl(bytes: number): number | null {
  const { stdout } = spawnSync('openssl', ['speed', '-bytes', String(bytes), '-seconds', '1', 'sha256'], {
    encoding: 'utf8',
  });
  const kilobytes = /^sha256\s+([\d.]+)k$/m.exec(stdout ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1000;
}

const reported = ({ rowsPerSecond, megabytesPerSecond }: Speed) => ({
  'rows/s': Math.round(rowsPerSecond),
  'MB/s': Math.round(megabytesPerSecond),
});
const times = (value: number) => `${value.toFixed(2)}x`;
const share = (value: number, of: number | null) =>
  of === null ? 'no openssl here' : `${Math.round((100 * value) / of)} %`;

test('verify on one thread and on two', { timeout: 300_000 }, async () => {
  const rows: Record<string, object> = {};
  const single: Partial<Record<WrittenId, Speed>> = {};
  let occasioTwice = 0;
  for (const { id, label } of formats) {
    const [one, two, bare] = [await onThreads(id, 1), await onThreads(id, 2), openssl(rowBytes(id))];
    single[id] = one;
    if (id === 'occasio') occasioTwice = two.rowsPerSecond / one.rowsPerSecond;
    rows[`${label}, ${rowBytes(id)} B`] = {
      ...reported(one),
      'of openssl sha256': share(one.megabytesPerSecond, bare),
      'rows/s, 2 threads': Math.round(two.rowsPerSecond),
      'of one': times(two.rowsPerSecond / one.rowsPerSecond),
    };
  }
  const browserHasher = await createBrowserHasher();
  const check = (which: typeof hasher, parseEveryRecord: boolean) => () => {
    const checker = createSegmentChecker(formatById('occasio'), which, { parseEveryRecord });
    checker.push(logs.occasio);
    if (checker.end().check.validRecords !== RECORDS) throw new Error('the bench log must verify');
  };
  rows['Occasio, hashed as in browsers'] = reported(here('occasio', check(browserHasher, false)));
  rows['Occasio, every record parsed'] = reported(here('occasio', check(hasher, true)));
  const walk = here('occasio', plainWalk);
  rows["a plain walk by Occasio's rule"] = reported(walk);
  const bare = openssl(rowBytes('occasio'));
  rows['openssl speed sha256'] =
    bare === null
      ? { 'rows/s': 'no openssl here' }
      : reported({ rowsPerSecond: (bare * 1e6) / rowBytes('occasio'), megabytesPerSecond: bare });
  console.table(rows);
  const { occasio } = single;
  expect(occasio).toBeDefined();
  if (!occasio) return;
  console.table({
    'Occasio to the plain walk': times(occasio.rowsPerSecond / walk.rowsPerSecond),
    'Occasio to openssl, one thread': share(occasio.megabytesPerSecond, bare),
    'Occasio, two threads to one': times(occasioTwice),
    'Arbiter to Occasio, in bytes': times((single.arbiter?.megabytesPerSecond ?? 0) / occasio.megabytesPerSecond),
    'AgentFence to Occasio, in bytes': times((single.agentfence?.megabytesPerSecond ?? 0) / occasio.megabytesPerSecond),
  });
});

test("following the formats' own verifiers, by the records as they are scanned and line by line", {
  timeout: 300_000,
}, () => {
  const rows: Record<string, object> = {};
  for (const { id, label } of formats) {
    const format = formatById(id);
    const follow = (scan: FollowOptions['scan']) => {
      const walk = format.referenceVerifier?.(hasher);
      const follower = walk && createFollower(walk, { scan });
      follower?.push(logs[id]);
      return follower?.end();
    };
    expect(follow({ format, hasher })).toMatchObject({ verdict: 'ok' });
    const [scanned, followed] = [here(id, () => follow({ format, hasher })), here(id, () => follow(null))];
    rows[`${label}, ${rowBytes(id)} B`] = {
      ...reported(scanned),
      'rows/s, line by line': Math.round(followed.rowsPerSecond),
    };
  }
  console.table(rows);
});

test('verify a long log by the command line, beside sha256sum of it', { timeout: 300_000 }, async () => {
  const file = path.join(folder, 'long.jsonl');
  await writeLong(file);
  const seconds = (command: string, args: string[]) => {
    const startedMs = performance.now();
    const { status, error } = spawnSync(command, args, { stdio: 'ignore' });
    if (error) return null;
    expect(status).toBe(0);
    return (performance.now() - startedMs) / 1000;
  };
  const best = (command: string, args: string[]) => {
    const taken = [1, 2, 3].map(() => seconds(command, args));
    return taken.some((one) => one === null) ? null : Math.min(...taken.map(Number));
  };
  const cli = path.join(ROOT, 'workers/sealtrail.mjs');
  const [two, one, sum] = [
    best(cli, ['verify', file]),
    best(cli, ['verify', '--threads', '1', file]),
    best('sha256sum', [file]),
  ];
  const size = statSync(file).size / 1e6;
  const reported = (taken: number | null) =>
    taken === null ? 'absent' : { s: Number(taken.toFixed(2)), 'MB/s': Math.round(size / taken) };
  console.table({
    'sealtrail verify': reported(two),
    'sealtrail verify --threads 1': reported(one),
    sha256sum: reported(sum),
    ...(two !== null && sum !== null && { 'sealtrail to sha256sum': { 'MB/s': times(sum / two) } }),
  });
});

async function writeLong(file: string): Promise<void> {
  const out = createWriteStream(file);
  let prev = '0'.repeat(64);
  let index = 0;
  for (let written = 0; written < LONG_LOG_BYTES; ) {
    let text = '';
    for (const until = index + 5000; index < until; index += 1) {
      const covered = {
        audit_schema: 1,
        ts: new Date(END_MS + index * 1500).toISOString(),
        event_id: random.uuid(),
        session_id: `sess-${index >> 9}`,
        run_id: `sess-${index >> 9}`,
        agent: 'claude-code',
        protocol: 'anthropic-http',
        direction: 'inbound',
        kind: 'tool_call',
        tool_name: random.pick(['read_file', 'grep', 'bash']),
        tool_inputs: { path: `/srv/repo/src/module-${index % 1000}/file-${index % 37}.ts` },
        action: 'PASS',
        reason: 'allowed',
        policy_source: 'user',
        result_kind: 'pass',
        prev_hash: prev,
      };
      prev = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
      text += `${JSON.stringify({ ...covered, hash: prev })}\n`;
    }
    written += text.length;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
