import type { Code, Local, ValueType } from '../wasm/code';
import { i32, i32x4, v128 } from '../wasm/ops';
import { BLOCK_AT } from './lanes';

const LOW_32 = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const HIGH_32 = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31];
const LOW_64 = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HIGH_64 = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];

export const xor = (...parts: Code[]) => parts.reduce((all, next) => v128.xor(all, next));
export const plus = (...parts: Code[]) => parts.reduce((all, next) => i32x4.add(all, next));

/** Every word turned right by some bits; the value is written twice. */
export const turned = (value: Code, bits: number) =>
  v128.or(i32x4.shrU(value, i32.const(bits)), i32x4.shl(value, i32.const(32 - bits)));

/** Reads the next block of every lane: of each of the 16 words, its four. */
export function readBlocks(words: readonly Local[], local: (type: ValueType) => Local): Code {
  const rows = [local('v128'), local('v128'), local('v128'), local('v128')];
  const places = [local('i32'), local('i32'), local('i32'), local('i32')];
  const halves = [local('v128'), local('v128'), local('v128'), local('v128')];
  const at = (list: readonly Local[], index: number) => list[index]?.get ?? [];
  return [
    places.map((place, lane) => place.set(i32.load(i32.const(0), BLOCK_AT + 4 * lane))),
    [0, 4, 8, 12].map((first) => [
      rows.map((row, lane) => row.set(v128.load(at(places, lane), 4 * first))),
      halves.map((half, index) =>
        half.set(v128.shuffle(at(rows, index & 2), at(rows, (index & 2) + 1), index % 2 === 0 ? LOW_32 : HIGH_32)),
      ),
      words
        .slice(first, first + 4)
        .map((word, index) =>
          word.set(
            v128.shuffle(at(halves, index >> 1), at(halves, (index >> 1) + 2), index % 2 === 0 ? LOW_64 : HIGH_64),
          ),
        ),
    ]),
  ];
}
