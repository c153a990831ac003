import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenActor } from '@/lib/access/actor';
import { answerBrowser } from '@/lib/access/answer';
import { personOf } from '@/lib/access/people';
import { createToken, verifyToken } from '@/lib/access/tokens';
import { verifierKey } from '@/lib/attest/log/identity';
import { logState } from '@/lib/attest/log/log-state';
import { publishLog } from '@/lib/attest/log/publish-log';
import { publishedCheckpoint } from '@/lib/attest/log/serve';
import { ArchiveWriter } from '@/lib/backup/archive-writer';
import { digestOfHeads } from '@/lib/backup/heads';
import { openBackup } from '@/lib/backup/open-backup';
import { openChainBytes } from '@/lib/chains/chain-bytes';
import { getChain } from '@/lib/chains/chains';
import { chainRetention } from '@/lib/retention/list-retention';
import { setRetention } from '@/lib/retention/policy';
import { requestDeletion } from '@/lib/retention/request-deletion';
import { readTombstone } from '@/lib/retention/tombstone';
import type { Context } from '@/lib/context';
import { createHasher } from '@/lib/crypto/hasher';
import type { Drift } from '@/lib/fsck/drift';
import { fsck } from '@/lib/fsck/fsck';
import { appendRecords } from '@/lib/ingest/append-records';
import { sealChain } from '@/lib/ingest/seal-chain';
import { RESUMABLE_PATH, resumable } from '@/lib/ingest/resumable/server';
import { ingestUpload } from '@/lib/ingest/upload';
import { openPackage } from '@/lib/package/open-package';
import { getPackage, requestPackage } from '@/lib/package/packages';
import { signedInAdmin, testActor } from '@/lib/testing/actor';
import { toBytes, writers } from '@/lib/testing/chains';
import { makeDatabases } from '@/lib/testing/databases';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import { type LogWitness, startLogWitness } from '@/lib/testing/log-witness';
import { openDataDir } from '@/lib/testing/open-data-dir';
import { startS3Server } from '@/lib/testing/s3-server';

const ROOT = path.resolve(import.meta.dirname, '../..');
const COMMAND = path.join(ROOT, 'workers/sealtrail.mjs');
const PASSPHRASE = 'a passphrase of the test';
const PERSON = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' };
const OURS = /^(DATABASE|CLICKHOUSE|EVIDENCE|SEALTRAIL)_/;

type Ran = { status: number | null; stdout: string; stderr: string };

let folder: string;
let source: TestInstallation;
let held: Held;
/** Cosigns the log of the source, and of what is restored. */
let witness: LogWitness;
let watched: Record<string, string>;
/** A backup that was made while the source worked, what the command said, and how far the busy log was taken before it began and when it ended. */
let whole: string;
let backup: Ran;
let acknowledged: { before: number; after: number };
/** A log that is appended to, record by record, while a backup is made. */
let busyLines: Buffer[];
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-backup-'));
  busyLines = writers(await createHasher())
    .occasio.write(Array.from({ length: 2000 }, (_, n) => ({ tool: 'bash', decision: 'allow' as const, note: `${n}` })))
    .map((line) => toBytes([line]));
  held = await fill();
  whole = path.join(folder, 'whole.tar');
  const running = run(['backup', whole, '--json'], variablesOf(source.ctx));
  acknowledged = await appendMeanwhile(running);
  backup = await running;
}, 180_000);
afterAll(async () => {
  await source?.stop();
  await witness?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

function start(args: string[], variables: Record<string, string>) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
  return spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { NODE_ENV: 'test', ...inherited, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

async function run(args: string[], variables: Record<string, string>): Promise<Ran> {
  const child = start(args, variables);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, stdout, stderr };
}

/** Sends a command, and what it started of itself, a signal as soon as `isDue`. False when it came to its end first. */
async function runAndKill(
  args: string[],
  variables: Record<string, string>,
  isDue: () => boolean,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<boolean> {
  const child = start(args, variables);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  while (child.exitCode === null && !isDue()) await sleep(2);
  if (child.exitCode !== null || child.pid === undefined) return false;
  process.kill(-child.pid, signal);
  await ended;
  return true;
}

const variablesOf = ({ env }: Context) => ({
  DATABASE_URL: env.databaseUrl,
  CLICKHOUSE_URL: env.clickhouseUrl,
  EVIDENCE_URL: env.evidenceUrl,
  SEALTRAIL_URL: env.publicUrl,
  SEALTRAIL_SECRET: env.secret,
  SEALTRAIL_DATA_DIR: env.dataDir,
});
const empty = (name: string) => ({ SEALTRAIL_DATA_DIR: path.join(folder, name) });
const fixture = (name: string) => readFileSync(path.join(ROOT, 'lib/core/formats', name.replace('/', '/fixtures/')));
const append = ({ ctx }: TestInstallation, chain: string, bytes: Buffer, offset: number) =>
  appendRecords(ctx, { chain, bytes, precondition: { kind: 'offset', offset }, idempotency: null, actor: testActor() });
const upload = ({ ctx }: TestInstallation, chain: string, bytes: Buffer) =>
  ingestUpload(ctx, {
    fileName: 'x.jsonl',
    chain,
    body: (async function* () {
      yield bytes;
    })(),
    actor: testActor(),
  });
const keysOf = async ({ ctx }: TestInstallation) =>
  (await ctx.db.selectFrom('attestations').select('key_hint').distinct().execute()).map(({ key_hint: hint }) => hint);
const bytesOf = async ({ ctx }: TestInstallation, chainId: string) =>
  Buffer.from(await new Response((await openChainBytes(ctx, { chainId })).stream).arrayBuffer());
const zipOf = async ({ ctx }: TestInstallation, packageId: string) =>
  Buffer.from(await new Response((await openPackage(ctx, { packageId })).stream).arrayBuffer());
const digestsOf = async ({ ctx }: TestInstallation) =>
  (await ctx.db.selectFrom('attestation_bundles').select('digest').orderBy('digest').execute()).map(
    ({ digest }) => digest,
  );

const HALF = 5000;
const CALLER = tokenActor({ id: '1', name: 'test', role: 'administrator', chains: null });
const resume = async (
  { ctx }: TestInstallation,
  method: string,
  location: string,
  headers: object,
  body?: Uint8Array,
) =>
  (await resumable(ctx)).answer(
    new Request(new URL(location, 'http://127.0.0.1:7325'), {
      method,
      headers: { 'Tus-Resumable': '1.0.0', ...headers },
      ...(body && { body: Buffer.from(body), duplex: 'half' }),
    } as RequestInit), // types lack `duplex`
    CALLER,
  );

/** What the source held when the backup began. */
type Held = {
  uploaded: string;
  tampered: string;
  deleted: string;
  growing: string;
  growingBytes: Buffer;
  busy: string;
  packageId: string;
  zip: Buffer;
  bundles: string[];
  checkpoint: string | undefined;
  upload: string;
  cookie: string;
  token: string;
};

async function fill(): Promise<Held> {
  witness = await startLogWitness('witness.example/w1', async () => (await verifierKey(source.ctx)) ?? '');
  watched = { SEALTRAIL_WITNESSES: `${witness.verifierKey}@${witness.url}` };
  source = await startInstallation(watched);
  await source.work();
  const { ctx } = source;
  const cookie = await signedInAdmin(ctx, PERSON);
  const { id: personId } = await ctx.db.selectFrom('user').select('id').executeTakeFirstOrThrow();
  const { token } = await createToken(ctx, {
    name: 'ci',
    scopes: ['read'],
    expiresInDays: null,
    actor: { ...testActor(), kind: 'person', id: personId },
  });
  const { chainId: uploaded } = await upload(source, 'uploaded', fixture('occasio/valid.jsonl'));
  const { chainId: tampered } = await upload(source, 'tampered', fixture('occasio/tampered.jsonl'));
  for (const chainId of [uploaded, tampered]) await source.settled(chainId);
  const { chainId: deleted } = await upload(source, 'deleted', fixture('vouch/valid.jsonl'));
  await sealChain(ctx, { chainId: deleted, actor: testActor() });
  await source.settled(deleted);
  await setRetention(ctx, { chainId: deleted, keepDays: 1, actor: testActor() });
  const { now } = ctx;
  Object.assign(ctx, { now: () => new Date(now().getTime() + 2 * 86_400_000) });
  const { head, records } = await getChain(ctx, { chainId: deleted });
  await requestDeletion(ctx, { chainId: deleted, head, records, actor: testActor() });
  while ((await chainRetention(ctx, { chainId: deleted })).state !== 'deleted') await sleep(50);
  Object.assign(ctx, { now });
  const growingBytes = fixture('arbiter/valid.jsonl');
  const half = growingBytes.indexOf('\n', growingBytes.length / 2) + 1;
  const { chainId: growing } = await append(source, 'growing', growingBytes.subarray(0, half), 0);
  const { chainId: busy } = await append(source, 'busy', Buffer.concat(busyLines.slice(0, 5)), 0);
  const { id: packageId } = await requestPackage(ctx, { of: { kind: 'chain', chainId: uploaded }, actor: testActor() });
  while ((await getPackage(ctx, { packageId })).state === 'waiting') await sleep(50);
  await publishLog(ctx);
  const made = await resume(
    source,
    'POST',
    RESUMABLE_PATH,
    {
      'Upload-Length': String(fixture('nono/valid.jsonl').length),
      'Upload-Metadata': `filename ${btoa('log.jsonl')},chain ${btoa('in parts')}`,
      'Content-Type': 'application/offset+octet-stream',
    },
    fixture('nono/valid.jsonl').subarray(0, HALF),
  );
  return {
    uploaded,
    tampered,
    deleted,
    growing,
    growingBytes: growingBytes.subarray(0, half),
    busy,
    packageId,
    zip: await zipOf(source, packageId),
    bundles: await digestsOf(source),
    checkpoint: (await publishedCheckpoint(ctx))?.note,
    upload: made.headers.get('location') ?? '',
    cookie,
    token,
  };
}

/** Appends until `isOver`, and gives how many bytes were acknowledged before it began and in all. */
async function appendMeanwhile(isOver: Promise<unknown>): Promise<{ before: number; after: number }> {
  const state = { isOver: false };
  void isOver.finally(() => (state.isOver = true));
  let offset = (await bytesOf(source, held.busy)).length;
  const before = offset;
  for (let at = 0, next = 0; !state.isOver && next < busyLines.length; next += 1) {
    const line = busyLines[next] ?? Buffer.alloc(0);
    if (at >= offset) {
      await append(source, 'busy', line, offset);
      offset += line.length;
    }
    at += line.length;
  }
  return { before, after: offset };
}

describe('an installation that was backed up while it worked, and restored on an empty machine', () => {
  let ran: Ran;
  let restored: TestInstallation;
  beforeAll(async () => {
    ran = await run(['restore', whole], empty('restored'));
    restored = await openDataDir(path.join(folder, 'restored'), watched);
  }, 240_000);
  afterAll(() => restored?.stop(), 60_000);

  it('was restored whole, and nothing differs', () => {
    expect(backup).toMatchObject({ status: 0 });
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout).toContain(`Manifest: SHA-256 ${JSON.parse(backup.stdout).sha256}`);
    expect(ran.stdout).toContain('Nothing differs');
    expect(ran.stdout).toContain(', as in the manifest\n');
  });

  it('is one file that nobody else can read, and that says what it holds', async () => {
    expect(statSync(whole).mode & 0o777).toBe(0o600);
    expect(existsSync(`${whole}.part`)).toBe(false);
    const verified = await run(['backup', '--verify', whole, '--json'], empty('not-made'));
    expect([verified.status, verified.stdout]).toEqual([0, backup.stdout]);
    expect(existsSync(path.join(folder, 'not-made'))).toBe(false);
    expect(JSON.parse(backup.stdout)).toMatchObject({
      damaged: [],
      incoming: 1,
      secrets: ['auth-secret', 'log-key.pem', 'signing-key.pem'],
    });
  });

  it('holds everything that was acknowledged before, and of what came meanwhile a beginning', async () => {
    expect(await bytesOf(restored, held.uploaded)).toEqual(fixture('occasio/valid.jsonl'));
    expect(await bytesOf(restored, held.tampered)).toEqual(fixture('occasio/tampered.jsonl'));
    expect(await bytesOf(restored, held.growing)).toEqual(held.growingBytes);
    const busy = await bytesOf(restored, held.busy);
    expect(busy.length).toBeGreaterThanOrEqual(acknowledged.before);
    expect(acknowledged.after).toBeGreaterThan(acknowledged.before);
    expect(busy).toEqual((await bytesOf(source, held.busy)).subarray(0, busy.length));
    expect(await digestsOf(restored)).toEqual(expect.arrayContaining(held.bundles));
    expect(await zipOf(restored, held.packageId)).toEqual(held.zip);
    const verdicts = ({ ctx }: TestInstallation) =>
      ctx.db.selectFrom('chains').select(['id', 'verdict', 'head']).where('name', '!=', 'busy').orderBy('id').execute();
    expect(await verdicts(restored)).toEqual(await verdicts(source));
    const findings = ({ ctx }: TestInstallation) => ctx.db.selectFrom('findings').select('id').orderBy('id').execute();
    expect(await findings(restored)).toEqual(expect.arrayContaining(await findings(source)));
  });

  it('has what is left of a chain that was deleted, and waits for none of it', async () => {
    const { ctx } = restored;
    const of = { chainId: held.deleted };
    expect(await chainRetention(ctx, of)).toEqual(await chainRetention(source.ctx, of));
    expect(await readTombstone(ctx, of)).toEqual(await readTombstone(source.ctx, of));
    const [before, after] = [await getChain(source.ctx, of), await getChain(ctx, of)];
    expect([after.verdict, after.progress, after.queue]).toEqual([before.verdict, before.progress, null]);
    expect(after.progress.loaded).toBe(after.records);
    await expect(openChainBytes(ctx, of)).rejects.toMatchObject({ code: 'EVIDENCE_DELETED' });
  });

  it('has the log head of the manifest', async () => {
    expect((await publishedCheckpoint(restored.ctx))?.note).toContain(JSON.parse(backup.stdout).log.note);
    expect(held.checkpoint).toContain('— witness.example/w1 ');
    expect((await publishedCheckpoint(restored.ctx))?.note).toContain('— witness.example/w1 ');
    const { size } = JSON.parse(backup.stdout).log;
    expect(size).toBeGreaterThanOrEqual(Number(held.checkpoint?.split('\n')[1]));
    expect(readFileSync(path.join(folder, 'restored', 'log-head'), 'utf8')).toBe(JSON.parse(backup.stdout).log.note);
  });

  it('says in both that it was done', async () => {
    const actions = async ({ ctx }: TestInstallation) =>
      (
        await ctx.db
          .selectFrom('audit_log')
          .select(['action', 'subject_id'])
          .where('subject_type', '=', 'installation')
          .orderBy('id')
          .execute()
      ).map(({ action, subject_id: id }) => [action, id]);
    const { id } = JSON.parse(backup.stdout);
    expect(await actions(source)).toEqual([['backup.make', id]]);
    expect(await actions(restored)).toEqual([
      ['backup.make', id],
      ['backup.restore', id],
    ]);
  });

  it('lets people and tokens in as before, sessions included', async () => {
    const { ctx } = restored;
    const answer = await answerBrowser(
      ctx,
      new Request(`${ctx.env.publicUrl}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ctx.env.publicUrl },
        body: JSON.stringify({ email: PERSON.email, password: PERSON.password }),
      }),
    );
    expect(answer?.status).toBe(200);
    expect(await personOf(ctx, new Headers({ cookie: held.cookie }))).toMatchObject({ email: PERSON.email });
    expect(await verifyToken(ctx, held.token)).toMatchObject({ name: 'ci' });
  });

  it('goes on: chains by appends, uploads where they were, statements and the log under the same keys', async () => {
    const { ctx } = restored;
    await restored.work();
    const before = await keysOf(restored);
    const log = fixture('arbiter/valid.jsonl');
    await append(restored, 'growing', log.subarray(held.growingBytes.length), held.growingBytes.length);
    expect(await bytesOf(restored, held.growing)).toEqual(log);
    await sealChain(ctx, { chainId: held.growing, actor: testActor() });
    await restored.settled(held.growing);
    expect(
      await ctx.db.selectFrom('chains').select('verdict').where('id', '=', held.growing).executeTakeFirst(),
    ).toEqual({ verdict: 'verified' });
    expect(await keysOf(restored)).toEqual(before);
    const rest = fixture('nono/valid.jsonl');
    const requested = await resume(restored, 'HEAD', held.upload, {});
    expect(requested.headers.get('upload-offset')).toBe(String(HALF));
    const done = await resume(
      restored,
      'PATCH',
      held.upload,
      { 'Upload-Offset': String(HALF), 'Content-Type': 'application/offset+octet-stream' },
      rest.subarray(HALF),
    );
    expect(done.status).toBe(200);
    const { id } = await ctx.db
      .selectFrom('chains')
      .select('id')
      .where('name', '=', 'in parts')
      .executeTakeFirstOrThrow();
    await restored.settled(id);
    expect(await bytesOf(restored, id)).toEqual(rest);
    await publishLog(ctx);
    const state = await logState(ctx);
    expect(state.verifierKey).toBe((await logState(source.ctx)).verifierKey);
    expect(state.published).toBeGreaterThan(JSON.parse(backup.stdout).log.size);
    // Who saw the log before takes the new head for one that goes on from there.
    expect(state.witnesses).toMatchObject([{ size: state.published, failure: null }]);
    const drifts: Drift[] = [];
    await fsck(ctx, (drift) => drifts.push(drift));
    expect(drifts).toEqual([]);
  }, 120_000);
});

describe('a backup', () => {
  it('is not there when it was killed, and the next one says so', async () => {
    const file = path.join(folder, 'killed.tar');
    const part = `${file}.part`;
    expect(await runAndKill(['backup', file], variablesOf(source.ctx), () => existsSync(part))).toBe(true);
    expect(existsSync(file)).toBe(false);
    const again = await run(['backup', file], variablesOf(source.ctx));
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining(part)]);
    rmSync(part);
    expect((await run(['backup', file], variablesOf(source.ctx))).status).toBe(0);
    const nowhere = await run(['backup', path.join(folder, 'no', 'folder.tar')], variablesOf(source.ctx));
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('cannot be written: ENOENT')]);
    const third = await run(['backup', file], variablesOf(source.ctx));
    expect([third.status, third.stderr]).toEqual([2, expect.stringContaining('is not overwritten')]);
  });

  it('that is stopped leaves nothing behind', async () => {
    const file = path.join(folder, 'stopped.tar');
    const part = `${file}.part`;
    expect(await runAndKill(['backup', file], variablesOf(source.ctx), () => existsSync(part), 'SIGINT')).toBe(true);
    expect([existsSync(file), existsSync(part)]).toEqual([false, false]);
  });

  it('is encrypted by a passphrase, which it opens with and with no other', async () => {
    const file = path.join(folder, 'encrypted.backup');
    const secret = path.join(folder, 'passphrase');
    writeFileSync(secret, `${PASSPHRASE}\n`);
    const short = { SEALTRAIL_BACKUP_PASSPHRASE: 'short' };
    expect((await run(['backup', file], { ...variablesOf(source.ctx), ...short })).status).toBe(2);
    const made = await run(['backup', file, '--passphrase-file', secret], variablesOf(source.ctx));
    expect([made.status, made.stdout]).toEqual([0, expect.stringContaining('Manifest: SHA-256 ')]);
    const verify = (variables: Record<string, string>) => run(['backup', '--verify', file], variables);
    expect(await verify({ SEALTRAIL_BACKUP_PASSPHRASE: PASSPHRASE })).toMatchObject({ status: 0, stdout: made.stdout });
    expect(await verify({ SEALTRAIL_BACKUP_PASSPHRASE: `${PASSPHRASE}!` })).toMatchObject({ status: 2, stdout: '' });
    expect(await verify({})).toMatchObject({ status: 2, stderr: expect.stringContaining('passphrase is needed') });
    const both = { SEALTRAIL_BACKUP_PASSPHRASE: PASSPHRASE };
    expect((await run(['backup', '--verify', file, '--passphrase-file', secret], both)).status).toBe(2);
  });

  it('names what is damaged, saves the rest, and is restored as what it is', async () => {
    const damaged = await startInstallation({}, { rules: 'one' });
    try {
      const { chainId } = await upload(damaged, 'well', fixture('occasio/valid.jsonl'));
      await upload(damaged, 'altered', fixture('vouch/valid.jsonl'));
      await upload(damaged, 'gone', fixture('arbiter/valid.jsonl'));
      const objectOf = async (chain: string) => {
        const { digest } = await damaged.ctx.db
          .selectFrom('chain_segments as s')
          .innerJoin('chains as c', 'c.id', 's.chain_id')
          .select('s.digest')
          .where('c.name', '=', chain)
          .executeTakeFirstOrThrow();
        return {
          digest,
          file: path.join(fileURLToPath(damaged.ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest),
        };
      };
      const [altered, gone] = [await objectOf('altered'), await objectOf('gone')];
      chmodSync(altered.file, 0o600);
      writeFileSync(altered.file, readFileSync(altered.file).fill('x', 1000, 1001));
      rmSync(gone.file);
      const file = path.join(folder, 'damaged.tar');
      const made = await run(['backup', file, '--json'], variablesOf(damaged.ctx));
      expect(made.status).toBe(1);
      expect(JSON.parse(made.stdout).damaged.toSorted(byKind)).toEqual([
        { digest: altered.digest, kind: 'altered', chain: 'altered' },
        { digest: gone.digest, kind: 'missing', chain: 'gone' },
      ]);
      // Nothing works there: what is to be done with the uploads waits.
      expect(JSON.parse(made.stdout).jobs).toBe(3);
      const ran = await run(['restore', file], empty('damaged'));
      expect([ran.status, ran.stdout]).toEqual([1, expect.stringContaining(`altered: object ${altered.digest}`)]);
      const restored = await openDataDir(path.join(folder, 'damaged'));
      try {
        await restored.work();
        await restored.settled(chainId);
        expect(await bytesOf(restored, chainId)).toEqual(fixture('occasio/valid.jsonl'));
      } finally {
        await restored.stop();
      }
    } finally {
      await damaged.stop();
    }
  }, 180_000);
});

describe('a restore', () => {
  const started = (name: string) =>
    spawnSync(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'workers/supervisor.ts'], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, ...empty(name) },
    });

  it('takes an empty data directory and an empty database only', async () => {
    const wrongPort = await run(['restore', whole], { ...empty('not-made'), SEALTRAIL_PORT: 'x' });
    expect([wrongPort.status, wrongPort.stderr]).toEqual([2, expect.stringMatching(/^sealtrail: SEALTRAIL_PORT must/)]);
    const dataDir = path.join(folder, 'not-empty');
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, 'something'), '');
    const ran = await run(['restore', whole], empty('not-empty'));
    expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining('is not empty')]);
    expect(readdirSync(dataDir)).toEqual(['something']);
    const { DATABASE_URL, CLICKHOUSE_URL } = variablesOf(source.ctx);
    const before = await digestOfHeads(source.ctx.db);
    const over = await run(['restore', whole], { ...empty('other'), DATABASE_URL, CLICKHOUSE_URL });
    expect([over.status, over.stderr]).toEqual([2, expect.stringContaining('the database is not empty')]);
    expect(await digestOfHeads(source.ctx.db)).toEqual(before);
  }, 60_000);

  it('goes to the database, the lake and the bucket that are set, and a backup of those holds the same', async () => {
    const s3 = await startS3Server('evidence');
    const databases = await makeDatabases();
    const variables = {
      DATABASE_URL: databases.databaseUrl,
      CLICKHOUSE_URL: databases.clickhouseUrl,
      EVIDENCE_URL: s3.url,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
    };
    try {
      const otherSecret = { SEALTRAIL_SECRET: 'x'.repeat(64) };
      const refused = await run(['restore', whole], { ...variables, ...otherSecret, ...empty('other-secret') });
      expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('SEALTRAIL_SECRET is another one')]);
      // The database is as empty as it was.
      const ran = await run(['restore', whole], { ...variables, ...empty('on-s3') });
      expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing differs') });
      expect(readdirSync(path.join(folder, 'on-s3')).toSorted()).toEqual([
        'incoming',
        'incoming-receipts',
        'log-head',
        'logs',
        'secrets',
      ]);
      const after = path.join(folder, 'from-s3.tar');
      const secret = readFileSync(path.join(folder, 'on-s3', 'secrets', 'auth-secret'), 'utf8').trim();
      const running = { SEALTRAIL_URL: source.ctx.env.publicUrl, SEALTRAIL_SECRET: secret };
      const made = await run(['backup', after, '--json'], { ...variables, ...running, ...empty('on-s3') });
      expect(made).toMatchObject({ status: 0 });
      const was = JSON.parse((await run(['backup', '--verify', whole, '--json'], {})).stdout);
      const { log, heads, objects, damaged, incoming, secrets } = JSON.parse(made.stdout);
      expect({ log, heads, objects, damaged, incoming, secrets }).toEqual({
        log: was.log,
        heads: was.heads,
        objects: was.objects,
        damaged: [],
        incoming: 1,
        secrets: was.secrets,
      });
    } finally {
      await databases.drop();
      await s3.stop();
    }
  }, 120_000);

  it('of a changed file, one of a later release, and one that is none makes nothing', async () => {
    const bytes = readFileSync(whole);
    const changed = path.join(folder, 'changed.tar');
    const at = bytes.length - 20_000;
    writeFileSync(changed, Buffer.from(bytes).fill(bytes[at] === 65 ? 66 : 65, at, at + 1));
    const later = path.join(folder, 'later.tar');
    writeFileSync(later, await withMigration('9999-later'));
    for (const [name, said] of [
      [changed, 'was changed'],
      [later, 'later release, 99.0.0 (9999-later)'],
      [COMMAND, 'no backup'],
      [path.join(folder, 'none'), 'cannot be read: ENOENT'],
      [folder, 'is no file'],
    ] as const) {
      const ran = await run(['restore', name], empty('nothing'));
      expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining(said)]);
      expect(existsSync(path.join(folder, 'nothing'))).toBe(false);
    }
  });

  it('that was killed leaves nothing that starts, however far it was', async () => {
    const points = {
      began: (dataDir: string) => existsSync(path.join(dataDir, 'restore-unfinished')),
      database: (dataDir: string) => existsSync(path.join(dataDir, 'run.json')),
      objects: (dataDir: string) => existsSync(path.join(dataDir, 'secrets', 'signing-key.pem')),
      head: (dataDir: string) => existsSync(path.join(dataDir, 'log-head')),
    };
    for (const [name, isDue] of Object.entries(points)) {
      const dataDir = path.join(folder, name);
      expect(await runAndKill(['restore', whole], empty(name), () => isDue(dataDir))).toBe(true);
      const ran = started(name);
      expect([name, ran.status, ran.stderr]).toEqual([name, 2, expect.stringContaining('did not come to its end')]);
      expect(await run(['fsck'], empty(name))).toMatchObject({ status: 2 });
      expect(await run(['restore', whole], empty(name))).toMatchObject({ status: 2 });
    }
  }, 120_000);
});

const byKind = (a: { kind: string }, b: { kind: string }) => a.kind.localeCompare(b.kind);

/** A backup as a release makes it that has one more migration. */
async function withMigration(name: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  const writer = new ArchiveWriter({
    write: async (bytes) => void parts.push(Buffer.from(bytes)),
    end: async () => undefined,
  });
  const { reader, beginning } = await openBackup({
    file: whole,
    passphrase: null,
    onBytes: () => undefined,
  });
  const migrations = [...beginning.migrations, name];
  await writer.add('backup.json', Buffer.from(JSON.stringify({ ...beginning, migrations, release: '99.0.0' })));
  for await (const entry of reader.entries()) await writer.addStream(entry.name, entry.sizeBytes, entry.body);
  const { manifest } = await reader.end();
  await writer.end({ ...manifest, migrations });
  return Buffer.concat(parts);
}
