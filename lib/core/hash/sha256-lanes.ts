import type { Code, Local } from '../wasm/code';
import { i32, i32x4, v128 } from '../wasm/ops';
import { type LaneAlgorithm, STATE, TABLE } from './lanes';
import { plus, readBlocks, turned, xor } from './words';

const FIRST_BYTE_LAST = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];

/** SHA-256, FIPS 180-4 section 6.2. */
export const sha256Lanes: LaneAlgorithm = {
  known: { sizeBytes: 150, digest: 'f22b2e614e92d6453612b707385038300293d2cc292b148bc5335754b5ea30fd' },
  initial: firstPrimes(8).map((prime) => fraction(Math.sqrt(prime))),
  bigEndian: true,
  keepsLast: false,
  maxBytes: 256 * 1024,
  flags: { first: 0, last: 0 },
  pad(tail, left, length) {
    const blocks: Code = i32.add(i32.const(1), i32.geU(left, i32.const(56)));
    const bits = i32.shl(length, i32.const(3));
    const end = i32.add(tail, i32.shl(blocks, i32.const(6)));
    // The number of bits, below 2^24, with its first byte first.
    const bytes = [24, 16, 8, 0].map((shift, index) =>
      i32.store8(i32.sub(end, i32.const(4 - index)), i32.shrU(bits, i32.const(shift))),
    );
    return { write: [i32.store8(i32.add(tail, left), i32.const(0x80)), bytes], blocks };
  },
  defineCompress(module) {
    module.data(TABLE, new Uint8Array(Int32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime))).buffer));
    const compress = module.function(null, [], []);
    compress.define((_, local) => {
      const words = Array.from({ length: 16 }, () => local('v128'));
      const state = Array.from({ length: 8 }, () => local('v128'));
      const [sum, both] = [local('v128'), local('v128')];
      const word = (index: number): Local => words[index % 16] ?? sum;
      const small = (value: Code, a: number, b: number, shift: number) =>
        xor(turned(value, a), turned(value, b), i32x4.shrU(value, i32.const(shift)));
      const large = (value: Code, a: number, b: number, c: number) =>
        xor(turned(value, a), turned(value, b), turned(value, c));
      const round = (t: number): Code => {
        const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, index) => state[(index + 64 - t) % 8] ?? sum);
        if (!a || !b || !c || !d || !e || !f || !g || !h) return [];
        const w = word(t);
        const next =
          t < 16
            ? []
            : w.set(
                plus(w.get, small(word(t + 1).get, 7, 18, 3), word(t + 9).get, small(word(t + 14).get, 17, 19, 10)),
              );
        const choice = xor(g.get, v128.and(e.get, xor(f.get, g.get)));
        const majority = xor(b.get, v128.and(xor(a.get, b.get), xor(b.get, c.get)));
        return [
          next,
          sum.set(plus(h.get, w.get, v128.load32Splat(i32.const(TABLE), 4 * t), large(e.get, 6, 11, 25), choice)),
          both.set(plus(large(a.get, 2, 13, 22), majority)),
          d.set(plus(d.get, sum.get)),
          h.set(plus(sum.get, both.get)),
        ];
      };
      const rows = state.map((_, row) => v128.load(i32.const(STATE), 16 * row));
      return [
        readBlocks(words, local),
        words.map((one) => one.set(v128.shuffle(one.get, one.get, FIRST_BYTE_LAST))),
        state.map((one, row) => one.set(rows[row] ?? [])),
        Array.from({ length: 64 }, (_, t) => round(t)),
        state.map((one, row) => v128.store(i32.const(STATE), plus(one.get, rows[row] ?? []), 16 * row)),
      ];
    });
    return compress;
  },
};

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number += 1)
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  return primes;
}

/** The first 32 bits behind the point. */
function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;
}
