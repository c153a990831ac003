import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64 } from '../../core/base64';
import { parseCheckpoint, requireSignature } from '../../core/merkle/checkpoint';
import { leafHash } from '../../core/merkle/hash';
import { formatRecordProof } from '../../core/merkle/record-proof';
import { parseVerifierKey } from '../../core/merkle/signed-note';
import { parseTlogProof } from '../../core/merkle/tlog-proof';
import { verifyConsistency, verifyInclusion } from '../../core/merkle/verify';
import { verifyRecordProof } from '../../core/merkle/verify-record-proof';
import { appendRecords } from '../../ingest/append-records';
import { closeTail } from '../../ingest/close-tail';
import { occasioLog } from '../../ingest/sample/occasio-log';
import { createRandom } from '../../ingest/sample/random';
import { ingestUpload } from '../../ingest/upload';
import { testActor } from '../../testing/actor';
import { toBytes } from '../../testing/chains';
import { unmetSteps } from '../../testing/checks';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { verifierKey } from '../log/identity';
import { logEarlier } from '../log/log-earlier';
import { publishLog } from '../log/publish-log';
import { currentSigner } from '../signers';
import { ownTrust } from '../trust';
import { proveHeads } from './prove-heads';
import { proveRecord } from './prove-record';

let installation: TestInstallation;
let lines: string[];
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
  lines = occasioLog(createRandom(9), installation.ctx.hasher, Date.UTC(2026, 4, 11), { agent: 'proof', calls: 1500 });
});
afterAll(() => installation?.stop());

const upload = (chain: string, some: readonly string[]) =>
  ingestUpload(installation.ctx, {
    fileName: 'log.jsonl',
    chain,
    format: 'occasio',
    body: (async function* () {
      yield toBytes(some);
    })(),
    actor: testActor(),
  });
/** In the one key there is. */
const trust = async () =>
  ownTrust(installation.ctx, {
    key_hint: (await currentSigner(installation.ctx)).keyHint,
    signed_by: null,
    signed_by_issuer: null,
  });
const keys = async () => [parseVerifierKey((await verifierKey(installation.ctx)) ?? '')];

describe('a record of an attested chain', () => {
  it('is proven by a small file, before and after the chain grew', async () => {
    const { ctx } = installation;
    const { chainId } = await upload('grows', lines.slice(0, 1000));
    await installation.settled(chainId);
    await publishLog(ctx);
    const given = { trust: await trust(), checkpointKeys: await keys() };
    const { chain, proof } = await proveRecord(ctx, { chainId, ordinal: 700 });
    const file = formatRecordProof(proof);
    expect(chain).toBe('grows');
    expect(Buffer.from(proof.record.line).toString()).toBe(lines[700]);
    const reported = (file.match(/[A-Za-z0-9+/=]{40,}/g) ?? [])
      .map((text) => Buffer.from(text, 'base64').toString())
      .join();
    expect(
      [699, 700, 701].map((n) => reported.includes(/"event_id":"([^"]+)"/.exec(lines[n] ?? '')?.[1] ?? 'none')),
    ).toEqual([false, true, false]);
    const check = verifyRecordProof(JSON.parse(file), given);
    expect(unmetSteps(check)).toEqual([]);
    expect(check.steps.map(({ step }) => step)).toContain('entry');
    expect(proof.tree.size).toBe(1000);

    await expect(proveRecord(ctx, { chainId, ordinal: 1000 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await appendRecords(ctx, {
      chain: 'grows',
      bytes: toBytes(lines.slice(1000)),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    });
    await expect(proveRecord(ctx, { chainId, ordinal: 1000 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('no signed attestation'),
    });
    expect((await proveRecord(ctx, { chainId, ordinal: 700 })).proof.tree.size).toBe(1000);

    await closeTail(ctx, { chainId, actor: testActor() });
    await installation.settled(chainId);
    const grown = await proveRecord(ctx, { chainId, ordinal: 1000 });
    expect(grown.proof.tree.size).toBe(1500);
    expect(verifyRecordProof(JSON.parse(formatRecordProof(grown.proof)), given).ok).toBe(true);
    expect(parseCheckpoint(grown.proof.checkpoint).origin).toBe(`127.0.0.1:7325/chains/${chainId}`);

    const heads = await proveHeads(ctx, { chainId, from: 1000, to: 1500 });
    const roots = { fromRoot: Buffer.from(heads.from.rootHash, 'hex'), toRoot: Buffer.from(heads.to.rootHash, 'hex') };
    expect(heads).toMatchObject({ from: proof.tree, to: grown.proof.tree, checkpoint: grown.proof.checkpoint });
    expect(
      verifyConsistency({
        from: 1000,
        to: 1500,
        ...roots,
        hashes: heads.hashes.flatMap((hash) => fromBase64(hash) ?? []),
      }),
    ).toBe(true);
    await expect(proveHeads(ctx, { chainId, from: 2, to: 1501 })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(proveHeads(ctx, { chainId, from: 2, to: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('is proven to be in the log by the public text alone', async () => {
    const { ctx } = installation;
    const { chainId } = await upload('logged', lines.slice(0, 10));
    await installation.settled(chainId);
    await publishLog(ctx);
    const { proof } = await proveRecord(ctx, { chainId, ordinal: 3 });
    const { index, hashes, checkpoint: text } = parseTlogProof(proof.log?.proof ?? '');
    const checkpoint = parseCheckpoint(text);
    const [key] = await keys();
    if (!key) throw new Error('the log has a key');
    expect(requireSignature(checkpoint.note, key)).toEqual({ at: null });
    expect(
      verifyInclusion({
        index,
        size: checkpoint.size,
        leafHash: leafHash(proof.log?.entry ?? new Uint8Array(0)),
        rootHash: checkpoint.rootHash,
        hashes,
      }),
    ).toBe(true);
  });

  it('is proven under another name when the records before it were replaced', async () => {
    const { ctx } = installation;
    const { chainId } = await upload('replaced', lines.slice(0, 20));
    await installation.settled(chainId);
    const before = await proveRecord(ctx, { chainId, ordinal: 5 });
    const other = occasioLog(createRandom(10), ctx.hasher, Date.UTC(2026, 4, 12), { agent: 'proof', calls: 30 });
    expect((await upload('replaced', other)).chainId).toBe(chainId);
    await installation.settled(chainId);
    const after = await proveRecord(ctx, { chainId, ordinal: 5 });
    expect(Buffer.from(after.proof.record.line).toString()).toBe(other[5]);
    expect([before, after].map(({ proof }) => parseCheckpoint(proof.checkpoint).origin.split('/chains/')[1])).toEqual([
      chainId,
      `${chainId}/1`,
    ]);
    expect(
      verifyRecordProof(JSON.parse(formatRecordProof(after.proof)), {
        trust: await trust(),
        checkpointKeys: await keys(),
      }).ok,
    ).toBe(true);
  });

  it('is in the log also when it was signed before there was one', async () => {
    const { ctx } = installation;
    const { chainId } = await upload('earlier', lines.slice(0, 10));
    await installation.settled(chainId);
    await publishLog(ctx);
    await ctx.pool.query(
      'DELETE FROM log_cosignatures; DELETE FROM log_checkpoints; DELETE FROM log_tiles; DELETE FROM log_entries',
    );
    await rm(path.join(ctx.env.dataDir, 'log-head'));
    expect((await proveRecord(ctx, { chainId, ordinal: 3 })).proof.log).toBeNull();
    const bundles = await ctx.db
      .selectFrom('attestation_bundles')
      .select('digest')
      .orderBy('attestation_id')
      .orderBy('n')
      .execute();
    await Promise.all([logEarlier(ctx), logEarlier(ctx)]);
    await logEarlier(ctx);
    const entries = await ctx.db.selectFrom('log_entries').select('entry').orderBy('index').execute();
    expect(entries.map(({ entry }) => JSON.parse(entry.toString('utf8')).bundleSha256)).toEqual(
      bundles.map(({ digest }) => digest),
    );
    await publishLog(ctx);
    const { proof } = await proveRecord(ctx, { chainId, ordinal: 3 });
    expect(
      verifyRecordProof(JSON.parse(formatRecordProof(proof)), { trust: await trust(), checkpointKeys: await keys() }),
    ).toMatchObject({
      ok: true,
      steps: expect.arrayContaining([expect.objectContaining({ step: 'entry', status: 'passed' })]),
    });
  });

  it('is not proven by an attestation that was withdrawn', async () => {
    const { ctx } = installation;
    const { chainId } = await upload('withdrawn', lines.slice(0, 10));
    await installation.settled(chainId);
    await ctx.db
      .updateTable('attestations')
      .set({ withdrawn_at: new Date() })
      .where('chain_id', '=', chainId)
      .execute();
    await expect(proveRecord(ctx, { chainId, ordinal: 3 })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
