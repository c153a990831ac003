import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSegmentChecker } from '../../core/chain/check-segment';
import type { FormatId } from '../../core/chain/format';
import { segmentVerdict } from '../../core/chain/join';
import { FORMATS, formatById } from '../../core/formats';
import { proveConsistency, proveInclusion, rootHash } from '../../core/merkle/prove';
import { splitPoint } from '../../core/merkle/ranges';
import { verifyConsistency, verifyInclusion } from '../../core/merkle/verify';
import { appendSegments } from '../../db/chains';
import { storeCheck } from '../../db/checks';
import { putObject } from '../../evidence/store';
import { createRandom } from '../../ingest/sample/random';
import { occasioLog } from '../../ingest/sample/occasio-log';
import { toBytes } from '../../testing/chains';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { openChainTree, treeHead } from './chain-tree';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation?.stop());

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962 section 2.1, word for word. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length <= 1) return leaves[0] ? sha256(Buffer.of(0), leaves[0]) : sha256();
  const middle = splitPoint(leaves.length);
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, middle)), naiveRoot(leaves.slice(middle)));
}

/** The lines of the records, without their newline. */
function recordsOf(format: FormatId, bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const line = bytes.subarray(start, newline === -1 ? bytes.length : newline);
    const shown = newline !== -1 && line.at(-1) === 13 ? line.subarray(0, -1) : line;
    if (
      !/^[ \t\r]*$/.test(shown.toString('latin1')) &&
      formatById(format).check(shown, installation.ctx.hasher).kind === 'record'
    )
      lines.push(line);
    start = newline === -1 ? bytes.length : newline + 1;
  }
  return lines;
}

let chains = 0;
/** A chain of these segments, checked, as the stages before leave it. */
async function chainOf(format: FormatId, pieces: readonly Buffer[]): Promise<string> {
  const { ctx } = installation;
  chains += 1;
  const chain = await ctx.db
    .insertInto('chains')
    .values({ name: `${format} ${chains}`, format, generation: 0, records: 0, size_bytes: 0 })
    .returning('id')
    .executeTakeFirstOrThrow();
  await extend(chain.id, format, pieces);
  return chain.id;
}

async function extend(chainId: string, format: FormatId, pieces: readonly Buffer[]): Promise<void> {
  const { ctx } = installation;
  const all = Buffer.concat(pieces);
  const upload = {
    chain_id: chainId,
    file_name: 'log',
    sha256: sha256(all).toString('hex'),
    size_bytes: all.length,
    records: 0,
    segments: pieces.length,
    relation: 'new' as const,
    received_by: 'test',
  };
  const { id } = await ctx.db.insertInto('uploads').values(upload).returning('id').executeTakeFirstOrThrow();
  for (const piece of pieces) {
    const checker = createSegmentChecker(formatById(format), ctx.hasher);
    checker.push(piece);
    const { check, problems } = checker.end();
    const { digest } = await putObject(ctx.evidence, piece);
    await ctx.db.transaction().execute(async (tx) => {
      await storeCheck(tx, digest, format, 1, segmentVerdict(formatById(format), check), check, problems);
      await appendSegments(tx, chainId, [
        { digest, upload_id: id, size_bytes: piece.length, records: check.records, lines: check.lines },
      ]);
    });
  }
}

/** Cut at ends of lines, after every so many of them in turn. */
function cut(bytes: Buffer, every: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    let end = start;
    for (let line = 0; line < (every[turn % every.length] ?? 1) && end < bytes.length; line += 1)
      end = bytes.indexOf(10, end) === -1 ? bytes.length : bytes.indexOf(10, end) + 1;
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
}

describe.each(FORMATS.map(({ id }) => id))('%s', (format) => {
  it.each(fixtureNames(format))('%s has the tree of its records, however it is cut', async (name) => {
    const bytes = fixture(format, name);
    const records = recordsOf(format, bytes);
    const wanted = { size: records.length, rootHash: naiveRoot(records).toString('hex') };
    for (const every of [[100_000], [7, 1, 40], [256], [300, 13]]) {
      const chainId = await chainOf(format, cut(bytes, every));
      expect(await treeHead(installation.ctx, { chainId, records: records.length })).toEqual(wanted);
    }
  });
});

describe('a long chain', () => {
  it('has proofs for every kind of place, also across segments and while it grows', async () => {
    const { ctx } = installation;
    const log = toBytes(occasioLog(createRandom(5), ctx.hasher, Date.UTC(2026, 4, 11), { agent: 'long', calls: 9000 }));
    const records = recordsOf('occasio', log);
    const pieces = cut(log, [6100, 1, 300, 255, 17, 2000]);
    const chainId = await chainOf('occasio', pieces.slice(0, 2));
    const before = await openChainTree(ctx, chainId);
    expect(before.size).toBe(6101);
    const fromRoot = await rootHash(before.source, before.size);
    await extend(chainId, 'occasio', pieces.slice(2));
    const tree = await openChainTree(ctx, chainId);
    expect(tree.size).toBe(records.length);
    const toRoot = await rootHash(tree.source, tree.size);
    expect(Buffer.from(toRoot)).toEqual(naiveRoot(records));
    expect(await rootHash(tree.source, before.size)).toEqual(fromRoot);
    expect(
      verifyConsistency({
        from: before.size,
        to: tree.size,
        fromRoot,
        toRoot,
        hashes: await proveConsistency(tree.source, { from: before.size, to: tree.size }),
      }),
    ).toBe(true);
    for (const index of [
      0,
      255,
      256,
      5887,
      5888,
      6099,
      6100,
      6101,
      6143,
      6144,
      6399,
      6400,
      6655,
      6656,
      6672,
      6673,
      8191,
      8192,
      records.length - 1,
    ]) {
      const leafHash = sha256(Buffer.of(0), records[index] ?? Buffer.alloc(0));
      for (const size of new Set([index + 1, Math.max(index + 1, 6144), records.length])) {
        const root = await rootHash(tree.source, size);
        expect(Buffer.from(root), `${index} of ${size}`).toEqual(naiveRoot(records.slice(0, size)));
        expect(
          verifyInclusion({
            index,
            size,
            leafHash,
            rootHash: root,
            hashes: await proveInclusion(tree.source, { index, size }),
          }),
          `${index} of ${size}`,
        ).toBe(true);
      }
    }
  });

  it('has the tree of its records whose lines lie among others, in a segment worth a thread', async () => {
    const { ctx } = installation;
    const lines = occasioLog(createRandom(6), ctx.hasher, Date.UTC(2026, 4, 11), { agent: 'damaged', calls: 5000 });
    const bytes = toBytes(
      lines.flatMap((line, n) => (n % 700 === 0 ? [line, '', '{"torn":', line.slice(0, 40)] : [line])),
    );
    const records = recordsOf('occasio', bytes);
    expect(records).toHaveLength(5000);
    const chainId = await chainOf('occasio', cut(bytes, [4500, 100]));
    expect(await treeHead(ctx, { chainId, records: 5000 })).toEqual({
      size: 5000,
      rootHash: naiveRoot(records).toString('hex'),
    });
    const tree = await openChainTree(ctx, chainId);
    const proof = {
      index: 1401,
      size: 5000,
      leafHash: sha256(Buffer.of(0), records[1401] ?? Buffer.alloc(0)),
      rootHash: await rootHash(tree.source, 5000),
    };
    expect(verifyInclusion({ ...proof, hashes: await proveInclusion(tree.source, proof) })).toBe(true);
  });

  it('has another tree as soon as its segments are others', async () => {
    const { ctx } = installation;
    const [log, other] = [5, 7].map((seed) =>
      toBytes(occasioLog(createRandom(seed), ctx.hasher, Date.UTC(2026, 4, 11), { agent: 'long', calls: 700 })),
    );
    const chainId = await chainOf('occasio', cut(log ?? Buffer.alloc(0), [100]));
    const before = await treeHead(ctx, { chainId, records: 700 });
    expect(await treeHead(ctx, { chainId, records: 700 })).toEqual(before);
    await ctx.db.deleteFrom('chain_segments').where('chain_id', '=', chainId).where('index', '>', 2).execute();
    expect(await treeHead(ctx, { chainId, records: 300 })).toMatchObject({
      rootHash: naiveRoot(recordsOf('occasio', log ?? Buffer.alloc(0)).slice(0, 300)).toString('hex'),
    });
    await ctx.db.deleteFrom('chain_segments').where('chain_id', '=', chainId).execute();
    await extend(chainId, 'occasio', cut(other ?? Buffer.alloc(0), [100]));
    expect(await treeHead(ctx, { chainId, records: 700 })).toMatchObject({
      rootHash: naiveRoot(recordsOf('occasio', other ?? Buffer.alloc(0))).toString('hex'),
    });
  });

  it('has none while it is not checked, and none beyond its closed segments', async () => {
    const { ctx } = installation;
    const chainId = await chainOf('occasio', cut(fixture('occasio', 'valid'), [5]));
    await expect(treeHead(ctx, { chainId, records: 1_000_000 })).rejects.toMatchObject({ code: 'CONFLICT' });
    await ctx.db
      .updateTable('chain_segments')
      .set((eb) => ({ records: eb('records', '+', 1) }))
      .where('chain_id', '=', chainId)
      .where('index', '=', 1)
      .execute();
    await ctx.db.deleteFrom('segment_trees').execute();
    await expect(treeHead(ctx, { chainId, records: 3 })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
