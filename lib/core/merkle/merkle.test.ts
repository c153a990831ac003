import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '@/lib/crypto/hasher';
import { fromBase64 } from '../base64';
import { createTileFolder } from './fold-tiles';
import { createGrowingTree } from './growing-tree';
import { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './hash';
import { proveConsistency, proveInclusion, rootHash } from './prove';
import { splitPoint } from './ranges';
import { TILE_WIDTH, type TileSource, foldHashes, parseTilePath, tileIndexPath, tileWidth } from './tiles';
import { verifyConsistency, verifyInclusion } from './verify';

type Vectors = {
  roots: Record<string, string>;
  inclusions: { index: number; size: number; hashes: string[] }[];
  consistencies: { from: number; to: number; hashes: string[] }[];
  paths: Record<string, string>;
};
const vectors: Vectors = JSON.parse(readFileSync(new URL('fixtures/vectors.json', import.meta.url), 'utf8'));

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const unbase = (texts: readonly string[]) => texts.map((text) => fromBase64(text) ?? new Uint8Array(0));

/** The definition, RFC 6962 section 2.1. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (!only) return EMPTY_ROOT;
  if (leaves.length === 1) return only;
  const middle = splitPoint(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, middle)), naiveRoot(leaves.slice(middle)));
}

/** Tiles over leaf hashes, each made from the definition. */
function sourceOf(leaves: readonly Uint8Array[]): TileSource {
  const made = new Map<string, Uint8Array>();
  const hashAt = (level: number, index: number): Uint8Array => {
    if (level === 0) return leaves[index] ?? new Uint8Array(0);
    const known =
      made.get(`${level} ${index}`) ??
      foldHashes(
        Buffer.concat(Array.from({ length: TILE_WIDTH }, (_, at) => hashAt(level - 1, TILE_WIDTH * index + at))),
      );
    made.set(`${level} ${index}`, known);
    return known;
  };
  return ({ level, index, width }) =>
    Promise.resolve(Buffer.concat(Array.from({ length: width }, (_, at) => hashAt(level, TILE_WIDTH * index + at))));
}

const big = Array.from({ length: 70_000 }, (_, n) => leafHash(Buffer.from(`record ${n}\n`)));
const source = sourceOf(big);

describe('the reference vectors of Certificate Transparency', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((digits) => leafHash(Buffer.from(digits, 'hex')));
  it.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('%i leaves', async (size, root) => {
    expect(hex(await rootHash(sourceOf(leaves), size))).toBe(root);
  });

  it('proofs', async () => {
    const tree = sourceOf(leaves);
    expect((await proveInclusion(tree, { index: 5, size: 8 })).map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect((await proveConsistency(tree, { from: 6, to: 8 })).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });
});

describe('what golang.org/x/mod/sumdb/tlog makes', () => {
  it.each(Object.entries(vectors.roots))('root of %s leaves', async (size, root) => {
    expect(hex(await rootHash(source, Number(size)))).toBe(root);
  });

  it('inclusion proofs', async () => {
    for (const { index, size, hashes } of vectors.inclusions) {
      expect(
        (await proveInclusion(source, { index, size })).map((hash) => Buffer.from(hash).toString('base64')),
      ).toEqual(hashes);
      expect(
        verifyInclusion({
          index,
          size,
          leafHash: big[index] ?? EMPTY_ROOT,
          rootHash: Buffer.from(vectors.roots[size] ?? '', 'hex'),
          hashes: unbase(hashes),
        }),
      ).toBe(true);
    }
  });

  it('consistency proofs', async () => {
    for (const { from, to, hashes } of vectors.consistencies) {
      expect(
        (await proveConsistency(source, { from, to })).map((hash) => Buffer.from(hash).toString('base64')),
      ).toEqual(hashes);
      const roots = {
        fromRoot: Buffer.from(vectors.roots[from] ?? '', 'hex'),
        toRoot: Buffer.from(vectors.roots[to] ?? '', 'hex'),
      };
      expect(verifyConsistency({ from, to, ...roots, hashes: unbase(hashes) })).toBe(true);
    }
  });

  it.each(Object.entries(vectors.paths))('path of tile %s', (index, path) => {
    expect(tileIndexPath(Number(index))).toBe(path);
    expect(parseTilePath(`0/${path}`.split('/'))).toEqual({
      entries: false,
      level: 0,
      index: Number(index),
      width: TILE_WIDTH,
    });
  });
});

const Size = fc.integer({ min: 1, max: 600 });

describe('proofs', () => {
  it('are those of the definition', async () => {
    await fc.assert(
      fc.asyncProperty(Size, Size, async (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const roots = { fromRoot: naiveRoot(big.slice(0, from)), toRoot: naiveRoot(big.slice(0, to)) };
        expect(hex(await rootHash(source, to))).toBe(hex(roots.toRoot));
        expect(verifyConsistency({ from, to, ...roots, hashes: await proveConsistency(source, { from, to }) })).toBe(
          true,
        );
        const index = from - 1;
        expect(
          verifyInclusion({
            index,
            size: to,
            leafHash: big[index] ?? EMPTY_ROOT,
            rootHash: roots.toRoot,
            hashes: await proveInclusion(source, { index, size: to }),
          }),
        ).toBe(true);
      }),
    );
  });

  it('break with any change of any byte, hash, place or size', async () => {
    const places: [index: number, size: number][] = [
      [0, 1],
      [0, 2],
      [6, 7],
      [300, 513],
      [69_999, 70_000],
      [40_000, 70_000],
    ];
    for (const [index, size] of places) {
      const hashes = await proveInclusion(source, { index, size });
      const good = { index, size, leafHash: big[index] ?? EMPTY_ROOT, rootHash: await rootHash(source, size), hashes };
      const holds = (change: Partial<typeof good>) => verifyInclusion({ ...good, ...change });
      expect(holds({})).toBe(true);
      for (const [at, hash] of hashes.entries()) {
        for (let byte = 0; byte < HASH_BYTES; byte += 1)
          expect(holds({ hashes: hashes.with(at, flipped(hash, byte)) })).toBe(false);
        expect(holds({ hashes: hashes.toSpliced(at, 1) })).toBe(false);
        expect(holds({ hashes: hashes.toSpliced(at, 0, hash) })).toBe(false);
      }
      for (let byte = 0; byte < HASH_BYTES; byte += 1) {
        expect(holds({ leafHash: flipped(good.leafHash, byte) })).toBe(false);
        expect(holds({ rootHash: flipped(good.rootHash, byte) })).toBe(false);
      }
      expect(holds({ hashes: [...hashes, EMPTY_ROOT] })).toBe(false);
      for (const other of [-1, index + 1, size, 0.5, Number.NaN]) expect(holds({ index: other })).toBe(false);
    }
    const steps: [from: number, to: number][] = [
      [1, 2],
      [6, 8],
      [255, 256],
      [256, 70_000],
      [513, 1000],
      [65_537, 69_999],
    ];
    for (const [from, to] of steps) {
      const hashes = await proveConsistency(source, { from, to });
      const good = { from, to, fromRoot: await rootHash(source, from), toRoot: await rootHash(source, to), hashes };
      const holds = (change: Partial<typeof good>) => verifyConsistency({ ...good, ...change });
      expect(holds({})).toBe(true);
      for (const [at, hash] of hashes.entries()) {
        for (let byte = 0; byte < HASH_BYTES; byte += 1)
          expect(holds({ hashes: hashes.with(at, flipped(hash, byte)) })).toBe(false);
        expect(holds({ hashes: hashes.toSpliced(at, 1) })).toBe(false);
      }
      for (let byte = 0; byte < HASH_BYTES; byte += 1) {
        expect(holds({ fromRoot: flipped(good.fromRoot, byte) })).toBe(false);
        expect(holds({ toRoot: flipped(good.toRoot, byte) })).toBe(false);
      }
      expect(holds({ hashes: [...hashes, EMPTY_ROOT] })).toBe(false);
      expect(holds({ hashes: [] })).toBe(false);
      expect(holds({ from: to, to: from })).toBe(false);
      expect(holds({ from: from + 1, hashes: [...hashes].toReversed() })).toBe(false);
    }
  });

  it('are refused for what is not there', async () => {
    await expect(proveInclusion(source, { index: 5, size: 5 })).rejects.toThrow(RangeError);
    await expect(proveConsistency(source, { from: 6, to: 5 })).rejects.toThrow(RangeError);
    expect(
      verifyConsistency({ from: 0, to: 5, fromRoot: EMPTY_ROOT, toRoot: naiveRoot(big.slice(0, 5)), hashes: [] }),
    ).toBe(true);
  });
});

function flipped(hash: Uint8Array, byte: number): Uint8Array {
  const copy = Uint8Array.from(hash);
  copy[byte] = (copy[byte] ?? 0) ^ (1 << (byte % 8));
  return copy;
}

it('a tree that grows leaf by leaf has the root of the definition at every size', () => {
  const tree = createGrowingTree();
  expect(tree.root()).toEqual(EMPTY_ROOT);
  const wrong: number[] = [];
  for (const [at, leaf] of big.slice(0, 300).entries()) {
    tree.push(leaf);
    if (hex(tree.root()) !== hex(naiveRoot(big.slice(0, at + 1)))) wrong.push(tree.size);
  }
  expect(wrong).toEqual([]);
  expect(tree.size).toBe(300);
});

describe('tiles', () => {
  it('are as wide as c2sp.org/tlog-tiles says of 70,000 leaves', () => {
    const widths = (level: number, indexes: readonly number[]) =>
      indexes.map((index) => tileWidth({ level, index }, 70_000));
    expect(widths(0, [0, 272, 273, 274])).toEqual([256, 256, 112, 0]);
    expect(widths(1, [0, 1, 2])).toEqual([256, 17, 0]);
    expect(widths(2, [0, 1])).toEqual([1, 0]);
    expect([tileWidth({ level: 0, index: 0 }, 256), tileWidth({ level: 1, index: 0 }, 256)]).toEqual([256, 1]);
  });

  it.each([
    '',
    '0',
    '0/1',
    '0/0001',
    '64/000',
    '01/000',
    '0/x000/001',
    '0/x001',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/01',
    '0/-01',
    'entries/000/x',
    '0/000.p',
    '../0/000',
  ])('have no path %j', (path) => {
    expect(parseTilePath(path.split('/'))).toBeNull();
  });

  it('may be partial, and hold entries', () => {
    expect(parseTilePath('entries/x001/234.p/7'.split('/'))).toEqual({
      entries: true,
      level: 0,
      index: 1234,
      width: 7,
    });
  });

  it('fold many at once as one by one', async () => {
    const fold = createTileFolder(await createHasher());
    const leaves = Buffer.concat(big.slice(0, 40 * TILE_WIDTH));
    const each = Array.from({ length: 40 }, (_, at) =>
      foldHashes(leaves.subarray(at * TILE_WIDTH * HASH_BYTES, (at + 1) * TILE_WIDTH * HASH_BYTES)),
    );
    expect(Buffer.from(fold(leaves))).toEqual(Buffer.concat(each));
    expect(() => fold(leaves.subarray(HASH_BYTES))).toThrow(RangeError);
  });
});
