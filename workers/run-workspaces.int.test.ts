import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createWorkspace } from '@/lib/access/workspaces/create-workspace';
import { ownTrustedRoot } from '@/lib/attest/trust';
import { makeBackup } from '@/lib/backup/make-backup';
import { checkBackup } from '@/lib/backup/open-backup';
import { restoreBackup } from '@/lib/backup/restore-backup';
import {
  closeContext,
  closeRestore,
  composeContext,
  composeRestore,
  contextOf,
  furtherContexts,
  openWorkspace,
} from '@/lib/compose';
import type { Context } from '@/lib/context';
import { fsck } from '@/lib/fsck/fsck';
import type { Drift } from '@/lib/fsck/drift';
import { ingestUpload } from '@/lib/ingest/upload';
import { emptyLake, reloadChain } from '@/lib/lake/reload-chain';
import { testActor, testAdmin } from '@/lib/testing/actor';
import { makeDatabases } from '@/lib/testing/databases';
import { fixture } from '@/lib/testing/fixtures';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import type { Running } from './run-workspace';
import { runWorkspaces } from './run-workspaces';

const LOG = fixture('occasio', 'valid');
const DIGEST = createHash('sha256').update(LOG).digest('hex');

let installation: TestInstallation;
let a: Context;
let b: Context;
let worker: Running;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  a = installation.ctx;
  await testAdmin(a, { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' });
  worker = await runWorkspaces(a, { workerId: 'one', build: 'test' });
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await installation?.stop();
}, 60_000);

const make = (id: string) =>
  createWorkspace(a, { id, name: id, actor: testActor(), prepare: () => openWorkspace(a, id) });

const upload = async (ctx: Context) =>
  (await ingestUpload(ctx, { fileName: 'a.jsonl', chain: 'agent', body: Readable.from([LOG]), actor: testActor() }))
    .chainId;

/** When the chain is signed, in its workspace. */
const signed = (ctx: Context, chainId: string) =>
  vi.waitUntil(
    () => ctx.db.selectFrom('attestations').select('id').where('chain_id', '=', chainId).executeTakeFirst(),
    { timeout: 90_000, interval: 100 },
  );

async function driftsOf(ctx: Context): Promise<Drift[]> {
  const drifts: Drift[] = [];
  const examined = { objects: 0, bytes: 0, bundles: 0, chains: 0, records: 0 };
  await fsck(ctx, (drift) => drifts.push(drift), {
    examined,
    trustedRoot: await ownTrustedRoot(ctx),
    onProgress: () => undefined,
  });
  expect(examined.chains).toBeGreaterThan(0);
  return drifts;
}

it('one worker takes up a workspace that is made while it runs, and works on the same bytes in each', {
  timeout: 180_000,
}, async () => {
  await make('team-b');
  b = await contextOf(a, 'team-b');
  const [inA, inB] = [await upload(a), await upload(b)];
  expect(inA).not.toBe(inB);
  await Promise.all([signed(a, inA), signed(b, inB)]);
  for (const ctx of [a, b]) {
    const chains = await ctx.db.selectFrom('chains').select(['name', 'verdict']).where('name', '=', 'agent').execute();
    expect(chains).toEqual([{ name: 'agent', verdict: expect.stringMatching(/^verified/) }]);
    const rows = await ctx.lake.query({
      query: 'SELECT DISTINCT toString(chain_id) AS id FROM events FINAL',
      format: 'JSONEachRow',
    });
    const inLake = (await rows.json<{ id: string }>()).map(({ id }) => id);
    expect(inLake.includes(inA)).toBe(ctx === a);
    expect(inLake.includes(inB)).toBe(ctx === b);
  }
  const queued = await sql<{
    schema: string;
  }>`SELECT nspname AS schema FROM pg_namespace WHERE nspname LIKE 'wsq%'`.execute(a.db);
  expect(queued.rows).toEqual([{ schema: 'wsq_team_b' }]);
});

it('each has a log and keys of its own, of another name', async () => {
  const identity = (ctx: Context) =>
    vi.waitUntil(() => ctx.db.selectFrom('log_identity').select(['origin', 'public_key']).executeTakeFirst(), {
      timeout: 60_000,
      interval: 200,
    });
  const [ofA, ofB] = [await identity(a), await identity(b)];
  expect([ofA.origin, ofB.origin]).toEqual(['127.0.0.1:7325/tlog', '127.0.0.1:7325/w/team-b/tlog']);
  expect(ofA.public_key.equals(ofB.public_key)).toBe(false);
  const hints = (ctx: Context) => ctx.db.selectFrom('signing_keys').select('hint').execute();
  expect(await hints(a)).not.toEqual(await hints(b));
});

it('each says in its own chain of actions what was done in it', async () => {
  const actions = (ctx: Context) => ctx.db.selectFrom('audit_log').select(['action', 'workspace_id']).execute();
  expect(await actions(b)).toContainEqual({ action: 'workspace.create', workspace_id: 'team-b' });
  expect(await actions(a)).toContainEqual({ action: 'workspace.create', workspace_id: 'default' });
  expect(new Set((await actions(b)).map((row) => row.workspace_id))).toEqual(new Set(['team-b']));
  expect(new Set((await actions(a)).map((row) => row.workspace_id))).toEqual(new Set(['default']));
});

it('one that cannot be worked on keeps no other waiting', { timeout: 120_000 }, async () => {
  // On record, and its schema is not one of ours.
  await sql`CREATE SCHEMA ws_broken`.execute(a.db);
  await sql`CREATE TABLE ws_broken.chains (id int)`.execute(a.db);
  await a.db.insertInto('workspaces').values({ id: 'broken', name: 'Broken', created_by: 'a test' }).execute();
  await make('team-c');
  const c = await contextOf(a, 'team-c');
  await signed(c, await upload(c));
  await expect(contextOf(a, 'broken')).rejects.toThrow();
  await a.db.deleteFrom('workspaces').where('id', '=', 'broken').execute();
  await sql`DROP SCHEMA ws_broken CASCADE`.execute(a.db);
});

it('a backup holds every workspace, and what is restored of it is what was', { timeout: 240_000 }, async () => {
  await worker.stop();
  for (const ctx of [a, b]) expect(await driftsOf(ctx)).toEqual([]);
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-workspaces-'));
  const file = path.join(folder, 'backup.tar');
  const backup = { file, passphrase: null, onBytes: () => undefined };
  await makeBackup(a, {
    ...backup,
    actor: testActor(),
    progress: { at: () => undefined, bytes: () => undefined },
    signal: new AbortController().signal,
    workspaces: () => furtherContexts(a),
  });
  const checked = await checkBackup(backup);
  expect(checked.manifest.workspaces.map(({ id }) => id)).toEqual(['team-b', 'team-c']);
  const databases = await makeDatabases();
  const dataDir = path.join(folder, 'data');
  const env = {
    ...a.env,
    databaseUrl: databases.databaseUrl,
    clickhouseUrl: databases.clickhouseUrl,
    dataDir,
    secretsDir: path.join(dataDir, 'secrets'),
    logKeyFile: path.join(dataDir, 'secrets', 'log-key.pem'),
    evidenceUrl: pathToFileURL(path.join(dataDir, 'evidence')).href,
  };
  const restoring = await composeRestore(env);
  await restoreBackup(restoring, { ...backup, checked, secret: null, actor: testActor() });
  await closeRestore(restoring);
  const restored = await composeContext(env, 'cli');
  try {
    for (const [was, is] of [
      [a, restored],
      [b, await contextOf(restored, 'team-b')],
    ] as const) {
      await emptyLake(is);
      for (const { id } of await is.db.selectFrom('chains').select('id').execute())
        await reloadChain(is, { chainId: id });
      expect(await driftsOf(is)).toEqual([]);
      const heads = (ctx: Context) =>
        ctx.db.selectFrom('chains').select(['id', 'name', 'head', 'records']).where('name', '=', 'agent').execute();
      expect(await heads(is)).toEqual(await heads(was));
      expect(await is.db.selectFrom('log_checkpoints').select('note').execute()).toEqual(
        await was.db.selectFrom('log_checkpoints').select('note').execute(),
      );
    }
    expect(await restored.db.selectFrom('workspaces').select('id').orderBy('id').execute()).toEqual([
      { id: 'default' },
      { id: 'team-b' },
      { id: 'team-c' },
    ]);
  } finally {
    await closeContext(restored);
    await databases.drop();
    await rm(folder, { recursive: true, force: true });
  }
});

it('bytes that both hold are two objects: what goes in one stays in the other', async () => {
  const fileIn = (ctx: Context) => path.join(fileURLToPath(ctx.env.evidenceUrl), 'objects', DIGEST.slice(0, 2), DIGEST);
  expect([existsSync(fileIn(a)), existsSync(fileIn(b))]).toEqual([true, true]);
  await rm(fileIn(b));
  expect(await a.evidence.stat(DIGEST)).toBe(LOG.length);
  expect(await driftsOf(a)).toEqual([]);
  expect((await driftsOf(b)).map(({ kind }) => kind)).toContain('object-missing');
});
