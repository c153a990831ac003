import type { Code, Local } from '../wasm/code';
import { i32, v128 } from '../wasm/ops';
import { BLOCK_BYTES, FLAGS, type LaneAlgorithm, STATE } from './lanes';
import { plus, readBlocks, turned, xor } from './words';

const INITIAL = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
const COLUMNS_AND_DIAGONALS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];
const ROUNDS = 7;
const CHUNK_START = 1;
const CHUNK_END = 2;
const ROOT = 8;

/** BLAKE3-256 of messages of one chunk, section 2 of its paper. */
export const blake3Lanes: LaneAlgorithm = {
  known: { sizeBytes: 150, digest: '4429add74c3393f8bd5d10a1f9cf499d8d3d7f39d25e3a181c50bb8cfd6040b2' },
  initial: INITIAL,
  bigEndian: false,
  keepsLast: true,
  maxBytes: 1024,
  flags: { first: CHUNK_START, last: CHUNK_END | ROOT },
  pad: () => ({ write: [], blocks: i32.const(1) }),
  defineCompress(module) {
    const compress = module.function(null, [], []);
    compress.define((_, local) => {
      const words = Array.from({ length: 16 }, () => local('v128'));
      const state = Array.from({ length: 16 }, () => local('v128'));
      const load = (at: number) => v128.load(i32.const(at));
      const same = (word: number) =>
        v128.const([0, 1, 2, 3].flatMap(() => [...new Uint8Array(Uint32Array.of(word).buffer)]));
      const first = [
        ...INITIAL.map((_, row) => load(STATE + 16 * row)),
        ...INITIAL.slice(0, 4).map(same),
        same(0),
        same(0),
        load(BLOCK_BYTES),
        load(FLAGS),
      ];
      const mix = (a: Local, b: Local, c: Local, d: Local, x: Local, y: Local): Code => {
        const turn = (to: Local, with_: Local, bits: number) => [
          to.set(xor(to.get, with_.get)),
          to.set(bits % 8 === 0 ? v128.shuffle(to.get, to.get, turnedBytes(bits / 8)) : turned(to.get, bits)),
        ];
        return [
          a.set(plus(a.get, b.get, x.get)),
          turn(d, a, 16),
          c.set(plus(c.get, d.get)),
          turn(b, c, 12),
          a.set(plus(a.get, b.get, y.get)),
          turn(d, a, 8),
          c.set(plus(c.get, d.get)),
          turn(b, c, 7),
        ];
      };
      const rounds: Code[] = [];
      let order = words;
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [index, places] of COLUMNS_AND_DIAGONALS.entries()) {
          const [a, b, c, d] = places.map((place) => state[place]);
          const [x, y] = [order[2 * index], order[2 * index + 1]];
          if (a && b && c && d && x && y) rounds.push(mix(a, b, c, d, x, y));
        }
        order = PERMUTATION.flatMap((place) => order[place] ?? []);
      }
      const result = (row: number) => xor(state[row]?.get ?? [], state[row + 8]?.get ?? []);
      return [
        readBlocks(words, local),
        state.map((one, row) => one.set(first[row] ?? [])),
        rounds,
        INITIAL.map((_, row) => v128.store(i32.const(STATE), result(row), 16 * row)),
      ];
    });
    return compress;
  },
};

/** Where the bytes of every word come from when it is turned right by whole bytes. */
function turnedBytes(bytes: number): number[] {
  return Array.from({ length: 16 }, (_, at) => (at & 12) | ((at + bytes) & 3));
}
