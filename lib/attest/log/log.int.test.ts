import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { copyFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../context';
import { parseCheckpoint, requireSignature } from '../../core/merkle/checkpoint';
import { leafHash, nodeHash } from '../../core/merkle/hash';
import { splitPoint } from '../../core/merkle/ranges';
import { TILE_WIDTH, foldHashes, parseTilePath, tileWidth } from '../../core/merkle/tiles';
import { parseVerifierKey } from '../../core/merkle/signed-note';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { type LogWitness, startLogWitness } from '../../testing/log-witness';
import { type LogEntry, appendToLog } from './append-entry';
import { logIdentity, verifierKey } from './identity';
import { currentSigner } from '../signers';
import { runDueLog } from './run-due-log';
import { logState } from './log-state';
import { publishLog } from './publish-log';
import { publishedCheckpoint, publishedTile } from './serve';

let installation: TestInstallation;
let witness: LogWitness;
let ctx: Context;
beforeAll(async () => {
  installation = await startInstallation();
  witness = await startLogWitness('witness.example/w1', async () => (await verifierKey(installation.ctx)) ?? '');
  ctx = {
    ...installation.ctx,
    env: {
      ...installation.ctx.env,
      witnesses: [{ key: parseVerifierKey(witness.verifierKey), verifierKey: witness.verifierKey, url: witness.url }],
    },
  };
});
afterAll(async () => {
  await witness?.stop();
  await installation?.stop();
});

const entry = (): LogEntry => ({
  kind: 'attestation',
  attestationId: randomUUID(),
  bundleSha256: 'ab'.repeat(32),
  predicateType: 'https://example.com/x',
});
const append = (one = entry()) => ctx.db.transaction().execute((tx) => appendToLog(ctx, tx, one));
async function appendMany(count: number): Promise<void> {
  for (let at = 0; at < count; at += 50)
    await ctx.db.transaction().execute(async (tx) => {
      for (let n = at; n < Math.min(count, at + 50); n += 1) await appendToLog(ctx, tx, entry());
    });
}

const tile = (path: string) => {
  const parsed = parseTilePath(path.split('/'));
  return parsed && publishedTile(ctx, parsed);
};

function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const middle = leaves.length > 1 ? splitPoint(leaves.length) : 0;
  return middle === 0
    ? (leaves[0] ?? new Uint8Array(0))
    : nodeHash(naiveRoot(leaves.slice(0, middle)), naiveRoot(leaves.slice(middle)));
}

/** What a monitor does with nothing but the key and the public files. */
async function monitor(): Promise<{ size: number; entries: Record<string, unknown>[]; cosignedAt: string | null }> {
  const key = parseVerifierKey((await verifierKey(ctx)) ?? '');
  const { note } = (await publishedCheckpoint(ctx)) ?? { note: '' };
  const checkpoint = parseCheckpoint(note);
  requireSignature(checkpoint.note, key);
  const leaves: Uint8Array[] = [];
  const entries: Record<string, unknown>[] = [];
  const roots: Uint8Array[] = [];
  for (let index = 0; index * TILE_WIDTH < checkpoint.size; index += 1) {
    const width = tileWidth({ level: 0, index }, checkpoint.size);
    const suffix = `${String(index).padStart(3, '0')}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
    const bundle = (await tile(`entries/${suffix}`)) ?? Buffer.alloc(0);
    const hashes: Uint8Array[] = [];
    for (let at = 0; at < bundle.length; ) {
      const bytes = bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at));
      entries.push(JSON.parse(bytes.toString('utf8')));
      hashes.push(leafHash(bytes));
      at += 2 + bytes.length;
    }
    expect(await tile(`0/${suffix}`)).toEqual(Buffer.concat(hashes));
    if (width === TILE_WIDTH) roots.push(foldHashes(Buffer.concat(hashes)));
    leaves.push(...hashes);
  }
  expect(await tile(`1/000.p/${roots.length}`)).toEqual(roots.length === 0 ? null : Buffer.concat(roots));
  expect(Buffer.from(naiveRoot(leaves))).toEqual(Buffer.from(checkpoint.rootHash));
  const byWitness = checkpoint.note.signatures.some(({ name }) => name === 'witness.example/w1');
  return {
    size: checkpoint.size,
    entries,
    cosignedAt: byWitness ? requireSignature(checkpoint.note, parseVerifierKey(witness.verifierKey)).at : null,
  };
}

describe('the log', () => {
  it('is not there before its first entry', async () => {
    await publishLog(ctx);
    expect(await publishedCheckpoint(ctx)).toBeNull();
    expect(await tile('0/000.p/1')).toBeNull();
  });

  it('takes entries from many at once without a gap, and none of what was not committed', async () => {
    const indexes = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        if (n !== 3) return (await append()).index;
        const failed = ctx.db.transaction().execute(async (tx) => {
          await appendToLog(ctx, tx, entry());
          throw new Error('given up');
        });
        await expect(failed).rejects.toThrow('given up');
        return -1;
      }),
    );
    expect(indexes.filter((index) => index >= 0).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('is what a monitor reads, at every size, cosigned', async () => {
    await publishLog(ctx);
    expect(await monitor()).toMatchObject({ size: 7, cosignedAt: expect.stringMatching(/^20/) });
    for (const [more, size] of [
      [1, 8],
      [247, 255],
      [1, 256],
      [1, 257],
      [300, 557],
    ] as const) {
      await appendMany(more);
      expect((await monitor()).size).toBe(size - more);
      await publishLog(ctx);
      expect(await monitor()).toMatchObject({ size, cosignedAt: expect.stringMatching(/^20/) });
    }
    expect(witness.answers).toEqual([200, 200, 200, 200, 200, 200]);
    expect(await ctx.db.selectFrom('log_tiles').select(['level', 'index']).orderBy('index').execute()).toEqual([
      { level: 0, index: 0 },
      { level: 0, index: 1 },
    ]);
  });

  it('serves nothing that its head does not cover', async () => {
    await appendMany(3);
    const beyond = [
      '0/002.p/46',
      '0/002',
      '0/003.p/1',
      '1/000.p/3',
      '1/000',
      '2/000.p/1',
      'entries/002.p/46',
      'entries/002',
      '63/000.p/1',
    ];
    expect(await Promise.all(beyond.map(tile))).toEqual(beyond.map(() => null));
    expect(await tile('0/002.p/45')).toHaveLength(45 * 32);
    expect(await tile('0/001.p/7')).toHaveLength(7 * 32);
  });

  it('is published by itself, once, however often it is asked', async () => {
    await Promise.all([publishLog(ctx), publishLog(ctx), publishLog(ctx)]);
    const sizes = await ctx.db.selectFrom('log_checkpoints').select('size').orderBy('size', 'desc').execute();
    expect(sizes.map(({ size }) => size)).toEqual([560, 557, 257, 256, 255, 8, 7]);
    expect((await monitor()).entries).toHaveLength(560);
  });

  it('has a key of its own, which only its owner reads', async () => {
    expect((await stat(ctx.env.logKeyFile)).mode & 0o777).toBe(0o600);
    expect((await logIdentity(ctx)).origin).toBe('127.0.0.1:7325/tlog');
  });
});

const stateOf = () => ctx.db.selectFrom('log_witnesses').selectAll().executeTakeFirstOrThrow();
const waiting = async () =>
  (await ctx.db.selectFrom('log_witnesses').select('next_try_at').executeTakeFirstOrThrow()).next_try_at;

describe('a witness', () => {
  it('that fails is told and asked again, later and later', async () => {
    witness.misbehave = 'fails';
    await append();
    await publishLog(ctx);
    expect(await monitor()).toMatchObject({ size: 561, cosignedAt: null });
    expect(await stateOf()).toMatchObject({ size: 560, attempts: 1, failure: 'it answered 503: not now' });
    expect(await logState(ctx)).toMatchObject({
      entries: 561,
      published: 561,
      verifierKey: await verifierKey(ctx),
      witnesses: [{ name: 'witness.example/w1', size: 560, failure: 'it answered 503: not now' }],
    });
    const requested = witness.answers.length;
    await publishLog(ctx);
    expect(witness.answers).toHaveLength(requested);
    const [first] = [await waiting()];
    const later = { ...ctx, now: () => new Date((first?.getTime() ?? 0) + 1) };
    await publishLog(later);
    expect(await stateOf()).toMatchObject({ attempts: 2 });
    expect(((await waiting())?.getTime() ?? 0) - later.now().getTime()).toBe(10_000);
  });

  it('that signs something else is not trusted', async () => {
    witness.misbehave = 'signs-another-text';
    const later = { ...ctx, now: () => new Date(Date.now() + 3600_000) };
    await publishLog(later);
    expect(await stateOf()).toMatchObject({
      size: 560,
      failure: 'it answered without a cosignature by witness.example/w1 that holds',
    });
    expect(await monitor()).toMatchObject({ cosignedAt: null });
  });

  it('that remembers another size is given the proof from there', async () => {
    witness.misbehave = null;
    await append();
    const later = { ...ctx, now: () => new Date(Date.now() + 2 * 3600_000) };
    await publishLog(later);
    expect(witness.answers.slice(-2)).toEqual([409, 200]);
    expect(await stateOf()).toMatchObject({ size: 562, attempts: 0, failure: null });
    expect(await monitor()).toMatchObject({ size: 562, cosignedAt: expect.stringMatching(/^20/) });
  });

  it('is asked again by the worker only when there is something to ask', async () => {
    const queued = async () =>
      (
        await ctx.pool.query(
          "SELECT count(*)::int AS jobs FROM pgboss.job WHERE name = 'publish-log' AND state = 'created'",
        )
      ).rows[0].jobs;
    await ctx.pool.query("DELETE FROM pgboss.job WHERE name = 'publish-log'");
    await runDueLog(ctx);
    expect(await queued()).toBe(0);
    await ctx.db.updateTable('log_witnesses').set({ size: 560 }).execute();
    await runDueLog(ctx);
    await runDueLog(ctx);
    expect(await queued()).toBe(1);
  });
});

it('a key that signs is told of, once, and a row that somebody put beside it is not', async () => {
  const { keyHint } = await currentSigner(ctx);
  const pem = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await ctx.db
    .insertInto('signing_keys')
    .values({ hint: 'a key', algorithm: 'Ed25519', public_key_pem: pem })
    .execute();
  await Promise.all([runDueLog(ctx), runDueLog(ctx)]);
  await runDueLog(ctx);
  const reported = await ctx.db
    .selectFrom('log_entries')
    .select(['index', 'entry'])
    .where('kind', '=', 'key')
    .execute();
  expect(reported.map(({ entry }) => JSON.parse(entry.toString('utf8')))).toMatchObject([
    { kind: 'key', keyHint, publicKeySha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  // As it was: what follows counts entries.
  await ctx.db.deleteFrom('signing_keys').execute();
  await ctx.db.deleteFrom('log_entries').where('kind', '=', 'key').execute();
});

describe('a log that was tampered with', () => {
  it.each([
    [
      'an entry not signed for yet',
      "UPDATE log_entries SET entry = 'other' WHERE index = 562",
      'an entry of the transparency log was changed',
    ],
    [
      'an entry not signed for yet taken out',
      'DELETE FROM log_entries WHERE index = 562',
      'an entry of the transparency log was changed or removed',
    ],
    [
      'the hash of an entry that was',
      "UPDATE log_entries SET leaf_hash = sha256('other') WHERE index = 561",
      'does not go on from the head that was signed last',
    ],
    [
      'the root of a tile',
      "UPDATE log_tiles SET hash = sha256('other') WHERE index = 1",
      'does not go on from the head that was signed last',
    ],
  ])('is not signed: %s', async (_, statement, message) => {
    const before = await publishedCheckpoint(ctx);
    await append();
    await append();
    const rows = [
      await ctx.db.selectFrom('log_entries').selectAll().execute(),
      await ctx.db.selectFrom('log_tiles').selectAll().execute(),
    ] as const;
    await ctx.pool.query(statement);
    await expect(publishLog(ctx)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining(message),
    });
    expect(await publishedCheckpoint(ctx)).toEqual(before);
    // As it was, for the next case.
    await ctx.pool.query('DELETE FROM log_entries; DELETE FROM log_tiles');
    await ctx.db
      .insertInto('log_entries')
      .values(rows[0].filter(({ index }) => index < 562))
      .execute();
    await ctx.db.insertInto('log_tiles').values(rows[1]).execute();
  });

  it('is not signed by a host with another key, or none', async () => {
    await append();
    const elsewhere = { ...ctx, env: { ...ctx.env, logKeyFile: `${ctx.env.logKeyFile}.other` } };
    await expect(publishLog(elsewhere)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('has no key for the transparency log'),
    });
    const { createLogKey } = await import('./log-key');
    await createLogKey(elsewhere.env.logKeyFile);
    await expect(publishLog(elsewhere)).rejects.toMatchObject({
      message: expect.stringContaining('has another key for the transparency log'),
    });
    await rm(elsewhere.env.logKeyFile);
    await copyFile(ctx.env.logKeyFile, elsewhere.env.logKeyFile);
    await publishLog(elsewhere);
    expect((await monitor()).size).toBe(563);
  });

  it('is not signed on from a backup: what was published after it is not forgotten', async () => {
    const before = await publishedCheckpoint(ctx);
    const backup = [
      await ctx.db.selectFrom('log_entries').selectAll().execute(),
      await ctx.db.selectFrom('log_tiles').selectAll().execute(),
      await ctx.db.selectFrom('log_checkpoints').selectAll().execute(),
    ] as const;
    await append();
    await append();
    await publishLog(ctx);
    await ctx.pool.query(
      'DELETE FROM log_entries; DELETE FROM log_tiles; DELETE FROM log_cosignatures; DELETE FROM log_checkpoints',
    );
    await ctx.db.insertInto('log_entries').values(backup[0]).execute();
    await ctx.db.insertInto('log_tiles').values(backup[1]).execute();
    await ctx.db.insertInto('log_checkpoints').values(backup[2]).execute();
    await append();
    const refusal = { code: 'SIGNING_FAILED', message: expect.stringContaining('restored from a backup') };
    await expect(publishLog(ctx)).rejects.toMatchObject(refusal);
    await append();
    await append();
    await expect(publishLog(ctx)).rejects.toMatchObject(refusal);
    expect((await publishedCheckpoint(ctx))?.size).toBe(before?.size);
    await rm(join(ctx.env.dataDir, 'log-head'));
    await publishLog(ctx);
    expect((await publishedCheckpoint(ctx))?.size).toBe((before?.size ?? 0) + 3);
  });
});
