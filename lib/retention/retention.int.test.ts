import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { logKeys } from '../attest/log/log-keys';
import { listAttestations } from '../attest/attestations';
import { requestChainAttestation } from '../attest/requests/request-attestation';
import { getChain } from '../chains/chains';
import { openChainBytes } from '../chains/chain-bytes';
import { listRecords } from '../chains/records';
import { openSegment } from '../chains/segment-bytes';
import { listSegments } from '../chains/segments';
import { chainTombstone } from '../core/statements/predicates/chain-tombstone';
import { verifyBundle } from '../core/statements/verify-bundle';
import { segmentsOf } from '../db/chains';
import { recordDamage, recordIntact } from '../db/evidence-damage';
import { fsck } from '../fsck/fsck';
import type { Drift } from '../fsck/drift';
import { sealChain } from '../ingest/seal-chain';
import { ingestAny } from '../ingest/any-upload';
import { ingestUpload } from '../ingest/upload';
import { evidenceState } from '../integrity/evidence-state';
import { sweepEvidence } from '../integrity/sweep';
import { reloadChain } from '../lake/reload-chain';
import { openPackage } from '../package/open-package';
import { getPackage, listPackages, requestPackage } from '../package/packages';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { makeZip } from '../testing/make-zip';
import { recheckStale } from '../verify/server/recheck-stale';
import { deleteChain } from './delete-chain';
import { liftHold, listHolds, placeHold } from './holds';
import { chainRetention, listRetention } from './list-retention';
import { resetRetention, retentionPolicy, setRetention } from './policy';
import { requestDeletion } from './request-deletion';
import { readTombstone } from './tombstone';

const DAY_MS = 86_400_000;
const WHOLE = { bytesPerSecond: Number.POSITIVE_INFINITY, everyMs: 0, forMs: 60_000 };
const actor = testActor();

let installation: TestInstallation;
/** How far the clock of the installation is ahead. */
let aheadMs = 0;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { now } = installation.ctx;
  Object.assign(installation.ctx, { now: () => new Date(now().getTime() + aheadMs) });
  await installation.work();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const logOf = (note: string, records = 9) =>
  toBytes(
    writers(installation.ctx.hasher).occasio.write(
      Array.from({ length: records }, (_, at) => ({ tool: 'bash', decision: 'deny' as const, note: `${note} ${at}` })),
    ),
  );
const send = (chain: string, bytes: Buffer) =>
  ingestUpload(installation.ctx, { fileName: 'log.jsonl', chain, body: Readable.from([bytes]), actor });
/** A chain that is sealed and settled. */
async function sealed(name: string, bytes = logOf(name)): Promise<string> {
  const { chainId } = await send(name, bytes);
  await sealChain(installation.ctx, { chainId, actor });
  await installation.settled(chainId);
  return chainId;
}
const stateOf = async (chainId: string) => (await chainRetention(installation.ctx, { chainId })).state;
async function ask(chainId: string) {
  const { head, records } = await getChain(installation.ctx, { chainId });
  return requestDeletion(installation.ctx, { chainId, head, records, actor });
}
async function deleted(chainId: string): Promise<void> {
  await ask(chainId);
  await vi.waitUntil(async () => (await stateOf(chainId)) === 'deleted', { timeout: 30_000, interval: 50 });
}
const later = async <T>(days: number, work: () => Promise<T>): Promise<T> => {
  aheadMs = days * DAY_MS;
  try {
    return await work();
  } finally {
    aheadMs = 0;
  }
};
const objectsOf = async (chainId: string) =>
  (await segmentsOf(installation.ctx.db, chainId)).map(({ digest }) => digest);
const sizes = (digests: readonly string[]) =>
  Promise.all(digests.map((digest) => installation.ctx.evidence.stat(digest)));
async function drifts(): Promise<Drift[]> {
  const found: Drift[] = [];
  await logKeys(installation.ctx); // as a worker does now and then
  await fsck(installation.ctx, (drift) => found.push(drift));
  return found;
}
/** Asks for it while no worker hears of it. */
async function askedOf(chainId: string): Promise<string> {
  const { ctx } = installation;
  const { send } = ctx.queue;
  Object.assign(ctx.queue, { send: async () => undefined });
  await ask(chainId).finally(() => Object.assign(ctx.queue, { send }));
  return waitingFor(chainId);
}
const waitingFor = async (chainId: string) =>
  (
    await installation.ctx.db
      .selectFrom('chain_deletions')
      .selectAll()
      .where('chain_id', '=', chainId)
      .executeTakeFirstOrThrow()
  ).id;

describe('what stands between a chain and its deletion', () => {
  it('is kept for 184 days where nobody said otherwise, and its own policy goes before that of all', async () => {
    const { ctx } = installation;
    const chainId = await sealed('policies');
    expect(await retentionPolicy(ctx, { chainId: null })).toEqual({
      keepDays: 184,
      isOwn: false,
      setBy: null,
      setAt: null,
    });
    expect(await stateOf(chainId)).toBe('kept');
    expect(await later(183, () => stateOf(chainId))).toBe('kept');
    expect(await later(185, () => stateOf(chainId))).toBe('deletable');
    await setRetention(ctx, { chainId: null, keepDays: 300, actor });
    expect(await later(185, () => stateOf(chainId))).toBe('kept');
    await setRetention(ctx, { chainId, keepDays: 10, actor });
    expect(await later(11, () => stateOf(chainId))).toBe('deletable');
    expect(await chainRetention(ctx, { chainId })).toMatchObject({ keepDays: 10, isOwn: true, state: 'kept' });
    await setRetention(ctx, { chainId, keepDays: null, actor });
    expect(await later(30_000, () => stateOf(chainId))).toBe('for-ever');
    expect(await resetRetention(ctx, { chainId, actor })).toMatchObject({ keepDays: 300, isOwn: false });
    await setRetention(ctx, { chainId: null, keepDays: 184, actor });
  });

  it('is shown for a policy that is only tried, with figures that are the sum of the rows', async () => {
    const { ctx } = installation;
    const grows = await send('grows', logOf('grows'));
    await installation.settled(grows.chainId);
    await later(20, async () => {
      const tried = await listRetention(ctx, { keepDays: 10, limit: 500 });
      const byName = new Map(tried.items.map((item) => [item.chain, item]));
      expect(byName.get('policies')?.state).toBe('deletable');
      expect(byName.get('grows')?.state).toBe('not-sealed');
      for (const { state, chains, records, bytes } of tried.states) {
        const rows = tried.items.filter((item) => item.state === state);
        expect([chains, records, bytes]).toEqual([
          rows.length,
          rows.reduce((sum, row) => sum + row.records, 0),
          rows.reduce((sum, row) => sum + row.bytes, 0),
        ]);
      }
      const only = await listRetention(ctx, { keepDays: 10, state: ['deletable'], limit: 1 });
      expect([only.items.length, only.total]).toEqual([
        1,
        tried.items.filter(({ state }) => state === 'deletable').length,
      ]);
      // Nothing was set.
      expect((await listRetention(ctx, { limit: 500 })).items.every(({ state }) => state === 'kept')).toBe(true);
      const none = await listRetention(ctx, { keepDays: null, limit: 500 });
      expect(none.items.every(({ state }) => state === 'for-ever')).toBe(true);
    });
  });

  it('a legal hold keeps it until it is lifted, each of several', async () => {
    const { ctx } = installation;
    const chainId = await sealed('held');
    const first = await placeHold(ctx, { chainId, reason: 'a case at court', actor });
    const second = await placeHold(ctx, { chainId, reason: 'another', actor });
    await later(400, async () => {
      await expect(ask(chainId)).rejects.toMatchObject({ code: 'CONFLICT', details: { state: 'held' } });
      await liftHold(ctx, { chainId, holdId: first.id, actor });
      expect(await stateOf(chainId)).toBe('held');
      await liftHold(ctx, { chainId, holdId: second.id, actor });
      expect(await liftHold(ctx, { chainId, holdId: second.id, actor })).toMatchObject({ liftedBy: actor.name });
      expect(await stateOf(chainId)).toBe('deletable');
    });
    expect(
      (await listHolds(ctx, { chainId })).items.map(({ reason, liftedAt }) => [reason, liftedAt !== null]),
    ).toEqual([
      ['another', true],
      ['a case at court', true],
    ]);
  });

  it('nothing is deleted before its time, nor what is damaged, nor another chain than was seen', async () => {
    const { ctx } = installation;
    const chainId = await sealed('early');
    await expect(ask(chainId)).rejects.toMatchObject({ code: 'CONFLICT', details: { state: 'kept' } });
    const [digest = ''] = await objectsOf(chainId);
    await later(400, async () => {
      await expect(requestDeletion(ctx, { chainId, head: 'f'.repeat(64), records: 9, actor })).rejects.toMatchObject({
        code: 'CONFLICT',
      });
      await recordDamage(ctx.db, digest, 'altered', ctx.now());
      await expect(ask(chainId)).rejects.toMatchObject({ code: 'CONFLICT', details: { state: 'damaged' } });
      await recordIntact(ctx.db, digest, ctx.now());
    });
    expect(await sizes([digest])).not.toContain(null);
  });

  it('what comes between the request and its turn ends it, and nothing has changed', async () => {
    const { ctx } = installation;
    const chainId = await sealed('overtaken');
    const digests = await objectsOf(chainId);
    await later(400, async () => {
      const deletionId = await askedOf(chainId);
      const { id: holdId } = await placeHold(ctx, { chainId, reason: 'in time', actor });
      for (let tries = 0; tries < 6; tries += 1) {
        aheadMs += 3_600_000;
        await deleteChain(ctx, { deletionId, actor }, new AbortController().signal);
      }
      expect(await chainRetention(ctx, { chainId })).toMatchObject({
        state: 'held',
        deletion: { failed: true, failure: expect.stringContaining('legal hold'), tombstoneSha256: null },
      });
      expect(await sizes(digests)).not.toContain(null);
      // It can be asked for again.
      await liftHold(ctx, { chainId, holdId, actor });
      expect(await stateOf(chainId)).toBe('deletable');
      expect((await ask(chainId)).deletion).toMatchObject({ failed: false, failure: null });
      await vi.waitUntil(async () => (await stateOf(chainId)) === 'deleted', { timeout: 30_000, interval: 50 });
    });
  });

  it('bytes that are not what they were are told by whoever would delete them, and stay', async () => {
    const { ctx } = installation;
    const chainId = await sealed('altered');
    const [digest = ''] = await objectsOf(chainId);
    const file = path.join(fileURLToPath(ctx.env.evidenceUrl), 'objects', digest.slice(0, 2), digest);
    const genuine = await readFile(file);
    await chmod(file, 0o600);
    await writeFile(file, Buffer.from(genuine).fill('x', 5, 9));
    await later(400, async () => {
      const deletionId = await askedOf(chainId);
      await deleteChain(ctx, { deletionId, actor }, new AbortController().signal);
      expect((await chainRetention(ctx, { chainId })).deletion).toMatchObject({ failed: true, tombstoneSha256: null });
    });
    await writeFile(file, genuine);
    // It is noted beside what was read.
    await vi.waitUntil(() => recordIntact(ctx.db, digest, ctx.now()), { timeout: 10_000 });
  });
});

it('deletes a chain: bytes, records and sidecars, and leaves a tombstone that anybody can check', async () => {
  const { ctx } = installation;
  const bytes = logOf('deleted', 40);
  const chainId = await sealed('deleted', bytes);
  const packageId = (await requestPackage(ctx, { of: { kind: 'chain', chainId }, actor })).id;
  await vi.waitUntil(async () => (await getPackage(ctx, { packageId })).state === 'done', { timeout: 30_000 });
  const before = await getChain(ctx, { chainId });
  const digests = await objectsOf(chainId);
  expect(await sizes(digests)).not.toContain(null);
  await later(200, () => deleted(chainId));

  expect(await sizes(digests)).toEqual(digests.map(() => null));
  expect((await listRecords(ctx, { chainId, from: 0, limit: 100 })).items).toEqual([]);
  const after = await getChain(ctx, { chainId });
  expect(before.deleted).toBe(false);
  expect({ ...after, updatedAt: before.updatedAt }).toEqual({ ...before, deleted: true });
  expect((await listPackages(ctx, { limit: 10 })).items).toMatchObject([
    { id: packageId, deleted: true, damaged: false },
  ]);
  for (const read of [
    () => openChainBytes(ctx, { chainId }),
    () => openSegment(ctx, { digest: digests[0] ?? '' }),
    () => openPackage(ctx, { packageId }),
  ])
    await expect(read()).rejects.toMatchObject({ code: 'EVIDENCE_DELETED' });
  expect(
    (await listSegments(ctx, { chainId, limit: 10 })).items.map(({ digest, verdict }) => [digest, verdict]),
  ).toEqual(digests.map((digest) => [digest, 'verified']));

  const bundle = JSON.parse((await readTombstone(ctx, { chainId })).toString('utf8'));
  const keys = (await ctx.db.selectFrom('signing_keys').selectAll().execute()).map(({ hint, public_key_pem: pem }) => ({
    hint,
    publicKeyPem: pem,
  }));
  const { steps, statement } = verifyBundle(bundle, {
    trust: { keys, trustedRoot: null, identities: [], require: { logEntries: 0, timestamps: 0 } },
    subjectSha256: digests[0] ?? '',
  });
  expect(steps.filter(({ status }) => status === 'failed')).toEqual([]);
  const said = statement && chainTombstone.read(statement);
  expect(said).toMatchObject({
    chain: { id: chainId, name: 'deleted' },
    verdict: before.verdict,
    records: 40,
    sizeBytes: bytes.length,
    head: before.head,
    retention: { keepDays: 184 },
  });
  expect(said?.segments.map(({ sha256 }) => sha256)).toEqual(digests);
  expect(statement?.subject.map(({ digest }) => digest['sha256']).toSorted()).toEqual(digests.toSorted());
  const { items } = await listAttestations(ctx, { chainId, limit: 10 });
  expect(items.length).toBeGreaterThan(0);
  expect(said?.attestations.length).toBeGreaterThan(0);

  // What works in the background leaves it as it is.
  await reloadChain(ctx, { chainId });
  await recheckStale(ctx);
  await sweepEvidence(ctx, WHOLE);
  expect((await evidenceState(ctx)).damaged).toMatchObject({ altered: 0, missing: 0 });
  expect(await drifts()).toEqual([]);
  await expect(ask(chainId)).rejects.toMatchObject({ code: 'CONFLICT', details: { state: 'deleted' } });
  // Nor is anything made of it, or waits to be.
  for (const made of [
    () => requestPackage(ctx, { of: { kind: 'chain', chainId }, actor }),
    () => requestChainAttestation(ctx, { chainId, scope: { kind: 'chain' }, actor }),
  ])
    await expect(made()).rejects.toMatchObject({ code: 'EVIDENCE_DELETED' });
}, 120_000);

it('the same log sent again is not taken as what was deleted, nor left lying', async () => {
  const { ctx } = installation;
  const bytes = logOf('again');
  const chainId = await sealed('again', bytes);
  const digests = await objectsOf(chainId);
  await later(200, () => deleted(chainId));
  await expect(send('again', bytes)).rejects.toMatchObject({ code: 'EVIDENCE_DELETED' });
  await sweepEvidence(ctx, WHOLE);
  expect(await sizes(digests)).toEqual(digests.map(() => null));
  // As another chain it is a log like any other.
  const { chainId: other } = await send('again elsewhere', bytes);
  await installation.settled(other);
  await sweepEvidence(ctx, WHOLE);
  expect(await sizes(digests)).not.toContain(null);
  expect(await drifts()).toEqual([]);
}, 120_000);

it('bytes that another chain consists of too stay for it', async () => {
  const { ctx } = installation;
  const bytes = logOf('shared');
  const [one, two] = [await sealed('shared 1', bytes), await sealed('shared 2', bytes)];
  const digests = await objectsOf(one);
  await later(200, () => deleted(one));
  expect(await sizes(digests)).not.toContain(null);
  expect((await listRecords(ctx, { chainId: two, from: 0, limit: 100 })).items).toHaveLength(9);
  expect(await new Response((await openChainBytes(ctx, { chainId: two })).stream).text()).toBe(bytes.toString('utf8'));
  expect(await drifts()).toEqual([]);
  await later(200, () => deleted(two));
  expect(await sizes(digests)).toEqual(digests.map(() => null));
  expect(await drifts()).toEqual([]);
}, 120_000);

it('an archive goes with the last of the chains that came in it', async () => {
  const { ctx } = installation;
  const zip = makeZip([
    { name: 'a.jsonl', content: logOf('in an archive, a') },
    { name: 'b.jsonl', content: logOf('in an archive, b') },
  ]);
  await ingestAny(ctx, { fileName: 'logs.zip', chain: 'zip', body: Readable.from([zip]), actor });
  const archive = (await ctx.db.selectFrom('archives').select('digest').executeTakeFirstOrThrow()).digest;
  const ids = (
    await ctx.db.selectFrom('uploads').select('chain_id').where('archive_sha256', '=', archive).execute()
  ).map(({ chain_id: id }) => id);
  expect(ids).toHaveLength(2);
  for (const [n, chainId] of ids.entries()) {
    await sealChain(ctx, { chainId, actor });
    await installation.settled(chainId);
    await later(200, () => deleted(chainId));
    expect((await sizes([archive]))[0] !== null).toBe(n === 0);
    expect(await drifts()).toEqual([]);
  }
}, 120_000);

it('a worker that ends in the middle is gone on from, and what is deleted is given out no more from the tombstone on', async () => {
  const { ctx } = installation;
  const chainId = await sealed('interrupted', logOf('interrupted', 30));
  const digests = await objectsOf(chainId);
  const { remove } = ctx.evidence;
  const ending = new AbortController();
  Object.assign(ctx.evidence, {
    remove: async () => {
      ending.abort(new Error('the worker ends'));
      throw new Error('the worker ends');
    },
  });
  await later(200, async () => {
    const deletionId = await askedOf(chainId);
    await expect(deleteChain(ctx, { deletionId, actor }, ending.signal)).rejects.toThrow('the worker ends');
    Object.assign(ctx.evidence, { remove });
    expect(await stateOf(chainId)).toBe('deleting');
    await expect(openChainBytes(ctx, { chainId })).rejects.toMatchObject({ code: 'EVIDENCE_DELETED' });
    await expect(placeHold(ctx, { chainId, reason: 'too late', actor })).rejects.toMatchObject({
      code: 'EVIDENCE_DELETED',
    });
    await deleteChain(ctx, { deletionId, actor }, new AbortController().signal);
    expect(await stateOf(chainId)).toBe('deleted');
  });
  expect(await sizes(digests)).toEqual(digests.map(() => null));
  expect(await drifts()).toEqual([]);
}, 120_000);
