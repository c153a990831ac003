import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POST as alarms } from '@/app/api/v1/chains/[chainId]/alarms/route';
import { POST as records } from '@/app/api/v1/chains/[chainId]/records/route';
import { writers } from '../testing/chains';
import { type AppendServer, startAppendServer } from '../testing/append-server';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { renderMetrics } from '../ops/metrics';
import { readObject } from '../evidence/store';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NODE = ['--conditions=react-server', '--import', 'tsx'];

let installation: TestInstallation;
let server: AppendServer;
let folder: string;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-tail-'));
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  server = await startAppendServer(installation.ctx, { records, alarms });
}, 120_000);
afterAll(async () => {
  await server.stop();
  await installation.stop();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

type Ran = { status: number | null; stdout: string; stderr: string };
type Running = { child: ChildProcess; ended: Promise<Ran> /** On stderr so far. */; stderrSoFar(): string };

function run(program: readonly string[], args: readonly string[]): Running {
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: ROOT,
    env: { ...process.env, SEALTRAIL_TOKEN: server.token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const ran: Ran = { status: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (ran.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (ran.stderr += String(chunk)));
  const ended = new Promise<Ran>((resolve) => {
    child.once('close', (status) => {
      children.delete(child);
      resolve({ ...ran, status });
    });
  });
  return { child, ended, stderrSoFar: () => ran.stderr };
}
const tail = (name: string, ...args: string[]) =>
  run(
    [path.join(ROOT, 'workers/sealtrail.mjs')],
    ['tail', ...args, '--to', server.url, '--state', path.join(folder, name, 'state')],
  );
const writer = (log: string, rotation: string, total: number, each: number) =>
  run([...NODE, path.join(ROOT, 'lib/testing/log-writer.ts')], [log, rotation, String(total), String(each)]);

/** All bytes of a chain, as far as it is there. */
async function bytesOf(name: string): Promise<Buffer> {
  const { db, evidence } = installation.ctx;
  const chain = await db.selectFrom('chains').select('id').where('name', '=', name).executeTakeFirst();
  if (!chain) return Buffer.alloc(0);
  const segments = await db
    .selectFrom('chain_segments')
    .select('digest')
    .where('chain_id', '=', chain.id)
    .orderBy('index')
    .execute();
  const pieces = await db
    .selectFrom('tail_pieces')
    .select('bytes')
    .where('chain_id', '=', chain.id)
    .orderBy('byte_offset')
    .execute();
  return Buffer.concat([
    ...(await Promise.all(segments.map(({ digest }) => readObject(evidence, digest)))),
    ...pieces.map(({ bytes }) => bytes),
  ]);
}
const alarmsOf = async (name: string) =>
  (
    await installation.ctx.db
      .selectFrom('tail_alarms as a')
      .innerJoin('chains as c', 'c.id', 'a.chain_id')
      .where('c.name', '=', name)
      .select(['a.kind', 'a.received_by'])
      .execute()
  ).map(({ kind, received_by: by }) => `${kind} by ${by}`);
const verdictOf = async (name: string) =>
  (await installation.ctx.db.selectFrom('chains').select('verdict').where('name', '=', name).executeTakeFirst())
    ?.verdict;

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  for (const untilMs = Date.now() + 60_000; Date.now() < untilMs; await sleep(50)) if (await what()) return;
  throw new Error('it did not happen in 60 s');
}
const holds = (name: string, log: Buffer) => until(async () => (await bytesOf(name)).length >= log.length);

/** Genuine Occasio lines. */
function lines(count: number, tool = 'bash'): string[] {
  const { write } = writers(installation.ctx.hasher).occasio;
  return write(
    Array.from({ length: count }, (_, index) => ({ tool, decision: 'allow' as const, note: `n ${index}` })),
  ).map((line) => `${line}\n`);
}

describe('a log that is rotated while it is followed', () => {
  it.each(['rename', 'copytruncate', 'time'])('by %s: the chain is all that was written', async (rotation) => {
    const log = path.join(folder, rotation, 'logs', 'x.jsonl');
    mkdirSync(path.dirname(log), { recursive: true });
    const following = tail(rotation, log, '--chain', `rotated ${rotation}`);
    expect(await writer(log, rotation, 2_000, 250).ended).toMatchObject({ status: 0 });
    const written = readFileSync(path.join(folder, rotation, 'truth'));
    await holds(`rotated ${rotation}`, written);
    following.child.kill('SIGTERM');
    const { status, stderr } = await following.ended;
    expect({ status, alarms: stderr.includes('ALARM') }).toEqual({ status: 0, alarms: false });
    expect((await bytesOf(`rotated ${rotation}`)).equals(written)).toBe(true);
    expect(await verdictOf(`rotated ${rotation}`)).toBe('verified');
  });

  // Side by side: they wait more than they work.
  it.concurrent.each(['rename', 'copytruncate', 'time'])(
    'by %s, while the forwarder is killed at random: the same',
    async (rotation) => {
      const name = `killed ${rotation}`;
      const log = path.join(folder, name, 'logs', 'x.jsonl');
      const writing = writer(log, rotation, 100_000, 400);
      for (let kills = 0; kills < 10; kills += 1) {
        const following = tail(name, log, '--chain', name);
        await sleep(randomInt(300, 2_500));
        following.child.kill('SIGKILL');
        await following.ended;
      }
      writing.child.kill('SIGTERM');
      expect(await writing.ended).toMatchObject({ status: 0 });
      const written = readFileSync(path.join(folder, name, 'truth'));
      const last = await tail(name, log, '--chain', name, '--once').ended;
      expect(last.stderr).not.toContain('ALARM');
      expect(last.status).toBe(0);
      expect((await bytesOf(name)).equals(written)).toBe(true);
      expect(await verdictOf(name)).toBe('verified');
    },
    240_000,
  );
});

describe('a log that is renamed and made anew', () => {
  const chainsLike = async (prefix: string) =>
    (await installation.ctx.db.selectFrom('chains').select('name').where('name', 'like', `${prefix}/%`).execute()).map(
      ({ name }) => name,
    );

  // Side by side: most of what each does is to wait for a look that passes.
  it.concurrent.each([
    'a-20260601.jsonl',
    'a.jsonl-20260601',
    'a.1.jsonl',
    'zz put away.jsonl',
    '0 put away.jsonl',
    'a.quarantined.jsonl',
  ])('to %s is followed by its inode, between two runs and while it runs', async (renamed) => {
    const name = `renamed to ${renamed}`;
    const logs = path.join(folder, name, 'logs');
    const log = path.join(logs, 'a.jsonl');
    const written = lines(40);
    mkdirSync(logs, { recursive: true });
    writeFileSync(log, written.slice(0, 10).join(''));
    const once = () => tail(name, logs, '--chain', `${name}/{name}`, '--once').ended;
    expect(await once()).toMatchObject({ status: 0 });
    appendFileSync(log, written.slice(10, 20).join(''));
    renameSync(log, path.join(logs, renamed));
    writeFileSync(log, written.slice(20, 30).join(''));
    const between = await once();
    expect({ status: between.status, alarms: between.stderr.includes('ALARM') }).toEqual({ status: 0, alarms: false });
    expect((await bytesOf(`${name}/a`)).toString()).toBe(written.slice(0, 30).join(''));

    const following = tail(name, logs, '--chain', `${name}/{name}`);
    rmSync(path.join(logs, renamed));
    appendFileSync(log, written.slice(30, 35).join(''));
    await holds(`${name}/a`, Buffer.from(written.slice(0, 35).join('')));
    renameSync(log, path.join(logs, renamed));
    await sleep(2_500); // a look for new files passes while the log is not there
    writeFileSync(log, written.slice(35).join(''));
    await holds(`${name}/a`, Buffer.from(written.join('')));
    await sleep(2_500);
    following.child.kill('SIGTERM');
    const live = await following.ended;
    expect({ status: live.status, alarms: live.stderr.includes('ALARM') }).toEqual({ status: 0, alarms: false });
    expect((await bytesOf(`${name}/a`)).toString()).toBe(written.join(''));
    expect(await chainsLike(name)).toEqual([`${name}/a`]);
    expect(await verdictOf(`${name}/a`)).toBe('verified');
  });

  it('has no chain made of a repaired or quarantined copy beside it', async () => {
    const name = 'copies';
    const logs = path.join(folder, name, 'logs');
    mkdirSync(logs, { recursive: true });
    for (const file of ['a.jsonl', 'a.repaired.jsonl', 'a.quarantined-20260601T000000Z.jsonl'])
      writeFileSync(path.join(logs, file), lines(5).join(''));
    expect(await tail(name, logs, '--chain', `${name}/{name}`, '--once').ended).toMatchObject({ status: 0 });
    expect(await chainsLike(name)).toEqual([`${name}/a`]);
  });
});

it('survives the server going away and coming back', async () => {
  const log = path.join(folder, 'away', 'logs', 'x.jsonl');
  const writing = writer(log, 'rename', 100_000, 500);
  const following = tail('away', log, '--chain', 'away');
  await until(async () => (await bytesOf('away')).length > 0); // on a slow machine it starts slowly
  for (let outages = 0; outages < 4; outages += 1) {
    await sleep(randomInt(500, 1_500));
    await server.stop();
    if (outages === 0) await until(() => following.stderrSoFar().includes('does not answer'));
    await sleep(randomInt(200, 1_500));
    await server.start();
  }
  writing.child.kill('SIGTERM');
  await writing.ended;
  const written = readFileSync(path.join(folder, 'away', 'truth'));
  await Promise.race([holds('away', written), following.ended]);
  following.child.kill('SIGTERM');
  const { status, stderr } = await following.ended;
  expect(stderr).not.toContain('ALARM');
  expect({ status, stderrSoFar: stderr.includes('does not answer') }).toEqual({ status: 0, stderrSoFar: true });
  expect((await bytesOf('away')).equals(written)).toBe(true);
});

it('takes up new session folders, each a chain, and sends no torn line before it is whole', async () => {
  const sessions = path.join(folder, 'sessions', 'audit');
  mkdirSync(sessions, { recursive: true });
  const following = tail('sessions', sessions);
  const { write } = writers(installation.ctx.hasher).nono;
  const log = write([1, 2, 3].map((n) => ({ tool: 'bash', decision: 'allow' as const, note: `${n}` }))).map(
    (line) => `${line}\n`,
  );
  for (const session of ['20260815-1', '20260815-2']) {
    await sleep(300);
    mkdirSync(path.join(sessions, session));
    const file = path.join(sessions, session, 'audit-events.ndjson');
    writeFileSync(file, `${log[0]}${log[1]}${log[2]?.slice(0, 40)}`);
    await until(async () => (await bytesOf(session)).length > 0);
    expect((await bytesOf(session)).toString()).toBe(`${log[0]}${log[1]}`);
    appendFileSync(file, log[2]?.slice(40) ?? '');
    await until(async () => (await bytesOf(session)).toString() === log.join(''));
  }
  appendFileSync(path.join(sessions, '20260815-2', 'audit-events.ndjson'), '{"torn');
  // Nothing is sent that would tell that it was read.
  await sleep(2_000);
  following.child.kill('SIGTERM');
  const { status, stderr } = await following.ended;
  expect({ status, held: stderr.includes('6 bytes of a line without newline held back') }).toEqual({
    status: 0,
    held: true,
  });
});

it('does not send again what the server has, whatever is remembered', async () => {
  const log = path.join(folder, 'again', 'x.jsonl');
  const written = lines(500);
  mkdirSync(path.dirname(log));
  writeFileSync(log, written.slice(0, 300).join(''));
  expect(await tail('again', log, '--chain', 'again', '--once').ended).toMatchObject({ status: 0 });
  rmSync(path.join(folder, 'again', 'state'), { recursive: true });
  appendFileSync(log, written.slice(300).join(''));
  expect(await tail('again', log, '--chain', 'again', '--once').ended).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('the server has it up to byte'),
  });
  expect((await bytesOf('again')).toString()).toBe(written.join(''));
});

it.each([
  ['truncated', (log: string) => truncateSync(log, 5_000)],
  ['replaced', (log: string, written: string[]) => writeFileSync(log, written.join('').replace('"n 290"', '"n 29X"'))],
])('tells when what was sent of a log was %s, once, and goes on', async (kind, harm) => {
  const log = path.join(folder, kind, 'x.jsonl');
  const written = lines(310);
  mkdirSync(path.dirname(log));
  writeFileSync(log, written.slice(0, 300).join(''));
  expect(await tail(kind, log, '--chain', kind, '--once').ended).toMatchObject({ status: 0 });
  harm(log, written.slice(0, 300));
  expect(await tail(kind, log, '--chain', kind, '--once').ended).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`ALARM ${log}: ${kind}: `),
  });
  appendFileSync(log, written.slice(300).join(''));
  expect(await tail(kind, log, '--chain', kind, '--once').ended).toMatchObject({ status: 0 });
  expect((await bytesOf(kind)).toString()).toBe(written.join(''));
  expect(await alarmsOf(kind)).toEqual([`${kind} by token forwarder`]);
  expect((await renderMetrics(installation.ctx)).text).toContain(`\nsealtrail_tail_alarms_total{kind="${kind}"} 1\n`);
});

it('leaves out a line that was never finished in a rotated file, and a file that was packed before it was sent, and tells', async () => {
  const log = path.join(folder, 'dropped', 'x.jsonl');
  const written = lines(40);
  mkdirSync(path.dirname(log));
  writeFileSync(`${log}.3`, `${written.slice(0, 10).join('')}{"torn`);
  writeFileSync(`${log}.2.gz`, '');
  writeFileSync(`${log}.1`, written.slice(20, 30).join(''));
  writeFileSync(log, written.slice(30).join(''));
  const ran = await tail('dropped', log, '--chain', 'dropped', '--once').ended;
  expect(ran).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('x.jsonl.3 ends in 6 bytes of a line that was never finished'),
  });
  expect(ran.stderr).toContain('x.jsonl.2.gz was packed before it was sent');
  expect((await bytesOf('dropped')).toString()).toBe([...written.slice(0, 10), ...written.slice(20)].join(''));
  expect(await alarmsOf('dropped')).toEqual(['dropped by token forwarder', 'dropped by token forwarder']);
});

it('tells of a hole in a log, and goes on with other logs', async () => {
  const name = 'hole';
  mkdirSync(path.join(folder, name, 'logs'), { recursive: true });
  const lines = writers(installation.ctx.hasher).occasio.write(
    Array.from({ length: 6 }, (_, index) => ({ tool: 'bash', decision: 'allow' as const, note: `${index}` })),
  );
  const before = `${lines.slice(0, 3).join('\n')}\n`;
  writeFileSync(
    path.join(folder, name, 'logs/a.jsonl'),
    Buffer.concat([Buffer.from(before), Buffer.alloc(17 * 1024 * 1024), Buffer.from(`${lines.slice(3).join('\n')}\n`)]),
  );
  writeFileSync(path.join(folder, name, 'logs/b.jsonl'), `${lines.join('\n')}\n`);
  const { status, stderr } = await tail(name, path.join(folder, name, 'logs'), '--chain', 'hole/{name}', '--once')
    .ended;
  expect(status).not.toBe(0);
  expect(stderr).toContain('ALARM');
  expect((await bytesOf('hole/a')).toString()).toBe(before);
  expect((await bytesOf('hole/b')).toString()).toBe(`${lines.join('\n')}\n`);
  expect(await alarmsOf('hole/a')).toEqual([expect.stringMatching(/^dropped by /)]);
  const again = await tail(name, path.join(folder, name, 'logs'), '--chain', 'hole/{name}', '--once').ended;
  expect(again).toMatchObject({ status: 2, stderr: expect.not.stringContaining('ALARM') });
  expect(again.stderr).toContain(`${path.join(folder, name, 'logs/a.jsonl')}: `);
  expect(await alarmsOf('hole/a')).toHaveLength(1);
});

it('sends nothing twice while a copy is being made to empty the log', async () => {
  const log = path.join(folder, 'copying', 'x.jsonl');
  const written = lines(40);
  mkdirSync(path.dirname(log));
  writeFileSync(log, written.slice(0, 20).join(''));
  writeFileSync(`${log}.1`, written.slice(0, 10).join(''));
  const following = tail('copying', log, '--chain', 'copying');
  await until(() => following.stderrSoFar().includes('x.jsonl.1 begins as'));
  appendFileSync(`${log}.1`, written.slice(10, 20).join(''));
  truncateSync(log, 0);
  appendFileSync(log, written.slice(20).join(''));
  await holds('copying', Buffer.from(written.join('')));
  following.child.kill('SIGTERM');
  expect(await following.ended).toMatchObject({ status: 0 });
  expect((await bytesOf('copying')).toString()).toBe(written.join(''));
});

it('begins at the end when told to, and goes on there', async () => {
  const log = path.join(folder, 'end', 'x.jsonl');
  const written = lines(30);
  mkdirSync(path.dirname(log));
  writeFileSync(`${log}.1`, written.slice(0, 5).join(''));
  writeFileSync(log, written.slice(5, 10).join(''));
  const following = tail('end', log, '--chain', 'end', '--from-end');
  await until(
    () =>
      existsSync(path.join(folder, 'end', 'state')) &&
      readdirSync(path.join(folder, 'end', 'state')).some((name) => name.endsWith('.json')),
  );
  appendFileSync(log, written.slice(10, 20).join(''));
  await holds('end', Buffer.from(written.slice(10, 20).join('')));
  expect(following.stderrSoFar()).toContain(`the chain begins at byte ${written.slice(5, 10).join('').length} of`);
  following.child.kill('SIGKILL');
  await following.ended;
  renameSync(log, `${log}.1`);
  writeFileSync(log, written.slice(20).join(''));
  expect(await tail('end', log, '--chain', 'end', '--from-end', '--once').ended).toMatchObject({ status: 0 });
  expect((await bytesOf('end')).toString()).toBe(written.slice(10).join(''));
});

it('says that the server lost what it acknowledged, and sends it again only when told to', async () => {
  const log = path.join(folder, 'lost', 'x.jsonl');
  mkdirSync(path.dirname(log));
  writeFileSync(log, lines(300).join(''));
  expect(await tail('lost', log, '--chain', 'lost', '--once').ended).toMatchObject({ status: 0 });
  const { db } = installation.ctx;
  const { id } = await db.selectFrom('chains').select('id').where('name', '=', 'lost').executeTakeFirstOrThrow();
  await db.updateTable('chains').set({ name: 'lost, as it was' }).where('id', '=', id).execute();
  writeFileSync(log, lines(305).join(''));
  expect(await tail('lost', log, '--chain', 'lost', '--once').ended).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('rolled-back: the server acknowledged'),
  });
  expect(await bytesOf('lost')).toHaveLength(0);
  expect(await tail('lost', log, '--chain', 'lost', '--once', '--resend').ended).toMatchObject({ status: 1 });
  expect((await bytesOf('lost')).toString()).toBe(lines(305).join(''));
});

it('does not append to a chain that holds another log', async () => {
  const one = path.join(folder, 'one', 'x.jsonl');
  const other = path.join(folder, 'other', 'x.jsonl');
  for (const [file, written] of [
    [one, lines(20)],
    [other, lines(10, 'grep')],
  ] as const) {
    mkdirSync(path.dirname(file));
    writeFileSync(file, written.join(''));
  }
  expect(await tail('other', other, '--chain', 'shared', '--once').ended).toMatchObject({ status: 0 });
  expect(await tail('one', one, '--chain', 'shared', '--once').ended).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('holds other bytes than this log'),
  });
  expect(await tail('one', one, '--chain', 'shared', '--once').ended).toMatchObject({
    status: 2,
    stderr: expect.not.stringContaining('ALARM'),
  });
  expect(await alarmsOf('shared')).toEqual(['diverged by token forwarder']);
});

it('tells the server how far it is behind', async () => {
  const log = path.join(folder, 'behind', 'x.jsonl');
  mkdirSync(path.dirname(log));
  const written = Buffer.from(lines(9_000).join(''));
  writeFileSync(log, written);
  server.requests.length = 0;
  expect(await tail('behind', log, '--chain', 'behind "1"', '--once').ended).toMatchObject({ status: 0 });
  const sent = server.requests.map(({ headers }) => ({
    offset: Number(headers.get('upload-offset')),
    lag: Number(headers.get('upload-lag')),
  }));
  expect(sent.length).toBeGreaterThan(2);
  expect(sent.slice(0, -1).map(({ lag }) => written.length - lag)).toEqual(sent.slice(1).map(({ offset }) => offset));
  expect(sent.at(-1)?.lag).toBe(0);
  expect((await renderMetrics(installation.ctx)).text).toContain(
    '\nsealtrail_forwarder_lag_bytes{chain="behind \\"1\\""} 0\n',
  );
});

it('refuses a second forwarder with the same memory', async () => {
  const log = path.join(folder, 'twice', 'x.jsonl');
  mkdirSync(path.dirname(log));
  writeFileSync(log, lines(3).join(''));
  const first = tail('twice', log, '--chain', 'twice');
  await holds('twice', Buffer.from(lines(3).join('')));
  expect(await tail('twice', log, '--chain', 'twice', '--once').ended).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`process ${first.child.pid} forwards with`),
  });
});
