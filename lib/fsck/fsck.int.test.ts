import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { publishLog } from '../attest/log/publish-log';
import { leafHash } from '../core/merkle/hash';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { loadTail } from '../lake/load-tail';
import { reloadChain } from '../lake/reload-chain';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import type { Drift } from './drift';
import { fsck } from './fsck';

const sample = (name: string) =>
  readFile(path.join(import.meta.dirname, '../core/formats', name.replace('/', '/fixtures/')));

let installation: TestInstallation;
let uploaded: string;
let growing: string;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  const log = await sample('occasio/valid.jsonl');
  ({ chainId: uploaded } = await ingestUpload(installation.ctx, {
    fileName: 'x.jsonl',
    chain: 'uploaded',
    body: (async function* () {
      yield log;
    })(),
    actor: testActor(),
  }));
  await installation.settled(uploaded);
  ({ chainId: growing } = await appendRecords(installation.ctx, {
    chain: 'growing',
    bytes: await sample('arbiter/valid.jsonl'),
    precondition: { kind: 'offset', offset: 0 },
    idempotency: null,
    actor: testActor(),
  }));
  await loadTail(installation.ctx, { chainId: growing });
  made = new Date();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

let drifts: Drift[];
beforeEach(() => {
  drifts = [];
});
/** As of when all was made, however long the tests take: the worker, which enters new keys in the log, is not there. */
let made: Date;
const examine = () => fsck({ ...installation.ctx, now: () => made }, (drift) => drifts.push(drift));
const segmentOf = async (chainId: string) =>
  (
    await installation.ctx.db
      .selectFrom('chain_segments')
      .select('digest')
      .where('chain_id', '=', chainId)
      .executeTakeFirstOrThrow()
  ).digest;
const fileOf = (digest: string) =>
  path.join(fileURLToPath(installation.ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest);

it('finds nothing where nothing differs, and says what it looked at', async () => {
  const { examined, drifts: count } = await examine();
  expect(drifts).toEqual([]);
  expect(count).toBe(0);
  expect(examined).toMatchObject({ objects: 4, bundles: 3, chains: 2, records: 448 });
});

it('finds an object whose bytes were changed, and one that is gone', async () => {
  const file = fileOf(await segmentOf(uploaded));
  const bytes = await readFile(file);
  await chmod(file, 0o600);
  await writeFile(file, Buffer.from(bytes).fill('x', 1000, 1001));
  await examine();
  expect(drifts.map(({ kind }) => kind)).toContain('object-altered');
  drifts = [];
  await rm(file);
  await examine();
  expect(drifts.map(({ kind }) => kind)).toEqual(['object-missing']);
  await writeFile(file, bytes, { mode: 0o400 });
});

it('finds a head on record that the evidence does not give', async () => {
  const { db } = installation.ctx;
  const { head } = await db.selectFrom('chains').select('head').where('id', '=', uploaded).executeTakeFirstOrThrow();
  await db
    .updateTable('chains')
    .set({ head: 'f'.repeat(64) })
    .where('id', '=', uploaded)
    .execute();
  await examine();
  expect(drifts).toEqual([
    {
      kind: 'row-differs',
      chain: 'uploaded',
      what: `chains.head of ${uploaded}`,
      expected: head,
      found: 'f'.repeat(64),
      at: { table: 'chains', row: uploaded, column: 'head' },
    },
  ]);
  await db.updateTable('chains').set({ head }).where('id', '=', uploaded).execute();
});

it('finds bytes of an open segment that are gone', async () => {
  const { db } = installation.ctx;
  const [piece] = await db.deleteFrom('tail_pieces').where('chain_id', '=', growing).returningAll().execute();
  await examine();
  expect(drifts.map(({ kind, chain }) => `${kind} ${chain}`)).toContain('tail-differs growing');
  if (piece) await db.insertInto('tail_pieces').values(piece).execute();
});

it('finds a bundle whose signature does not hold under the key on record', async () => {
  const { db } = installation.ctx;
  const before = await db.selectFrom('signing_keys').selectAll().executeTakeFirstOrThrow();
  await sql`UPDATE signing_keys SET public_key_pem = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxX2xpJOxsS3RgmVdL1bbNGQ4k8h\nT0CYyg3hI0N7j3mQnLmXhHW1oXr7WnJ8Q7Gb4cC2mS8gq3E1V2e9l0o5Tg==\n-----END PUBLIC KEY-----\n'`.execute(
    db,
  );
  await examine();
  expect(drifts.filter(({ kind }) => kind === 'bundle-invalid')).toHaveLength(3);
  expect(drifts).toContainEqual(
    expect.objectContaining({ at: expect.objectContaining({ table: 'signing_keys', column: 'public_key_pem' }) }),
  );
  await db.updateTable('signing_keys').set({ public_key_pem: before.public_key_pem }).execute();
});

it('finds records the lake lost, and rebuilds them from evidence and from what is open', async () => {
  await installation.ctx.lake.command({
    query: 'DELETE FROM events WHERE ordinal % 2 = 0 SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2',
  });
  const { lake } = await examine();
  expect([...new Set(drifts.map(({ kind, chain }) => `${kind} ${chain}`))].toSorted()).toEqual([
    'lake-differs growing',
    'lake-differs uploaded',
  ]);
  for (const { id } of lake) await reloadChain(installation.ctx, { chainId: id });
  drifts = [];
  await examine();
  expect(drifts).toEqual([]);
});

it('finds entries of the transparency log that were changed or taken out, and what it does not tell of', async () => {
  const { ctx } = installation;
  await publishLog(ctx);
  const entries = await ctx.db.selectFrom('log_entries').selectAll().orderBy('index').execute();
  const { id } = await ctx.db.selectFrom('attestations').select('id').executeTakeFirstOrThrow();
  const [head] = await ctx.db.selectFrom('log_checkpoints').selectAll().execute();
  if (!head) throw new Error('the log was published');
  const reported = async () => {
    drifts = [];
    await examine();
    return drifts.map(({ kind, what }) => `${kind} ${what.replace(/[0-9a-f]{64}/, '…').replace(id, '…')}`);
  };
  expect(await reported()).toEqual([]);

  await ctx.db
    .updateTable('log_entries')
    .set({ entry: Buffer.from('another') })
    .where('index', '=', 0)
    .execute();
  expect(await reported()).toEqual([
    'log-altered entry 0 of the log',
    'log-altered the log up to 3 entries',
    'log-lacks bundle …',
    'log-altered entry 0 of the log',
  ]);
  await ctx.db
    .updateTable('log_entries')
    .set({ entry: Buffer.from('another'), leaf_hash: Buffer.from(leafHash(Buffer.from('another'))) })
    .where('index', '=', 0)
    .execute();
  expect(await reported()).toContain('log-altered the log up to 3 entries');
  await ctx.db.deleteFrom('log_entries').execute();
  expect(await reported()).toEqual([
    'log-altered the log up to 3 entries',
    'log-lacks bundle …',
    'log-lacks bundle …',
    'log-lacks bundle …',
    'log-altered entries of the log',
  ]);
  await ctx.db.insertInto('log_entries').values(entries).execute();

  await ctx.db
    .updateTable('log_checkpoints')
    .set({ root_hash: Buffer.from(head.root_hash).fill(0, 0, 8) })
    .execute();
  expect((await reported()).toSorted()).toEqual([
    'log-altered checkpoint of 3 entries of the log',
    'log-altered the log up to 3 entries',
    'row-differs log_checkpoints.root_hash of 3',
  ]);
  await ctx.db.updateTable('log_checkpoints').set({ root_hash: head.root_hash }).execute();

  await ctx.db.updateTable('attestations').set({ withdrawn_at: new Date() }).execute();
  expect(await reported()).toEqual(['log-lacks the withdrawal of attestation …']);
  await ctx.db.updateTable('attestations').set({ withdrawn_at: null }).execute();
  expect(await reported()).toEqual([]);
});

it('finds hashes of a tree that are not those of the evidence', async () => {
  const { db } = installation.ctx;
  const row = await db.selectFrom('segment_trees').selectAll().executeTakeFirstOrThrow();
  for (const change of [
    { tail: Buffer.from(row.tail).fill(0, 0, 1) },
    { records: row.records + 1 },
    { tail_offset: row.tail_offset + 1 },
  ]) {
    await db.updateTable('segment_trees').set(change).execute();
    await examine();
    expect(drifts.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      `tree-differs part of a tree in segment ${row.digest}`,
    ]);
    await db
      .updateTable('segment_trees')
      .set({ tail: row.tail, records: row.records, tail_offset: row.tail_offset })
      .execute();
    drifts = [];
  }
  await examine();
  expect(drifts).toEqual([]);
});
