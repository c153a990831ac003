import { type Code, goWhen, loop, when } from '../wasm/code';
import { createModule, type WasmFunction } from '../wasm/module';
import { i32, pick, v128 } from '../wasm/ops';

// Four messages are hashed side by side, a word of each in every 128 bits; who is done takes the next message.

const LANES = 4;
/** Eight words of state, four lanes each. */
export const STATE = 1024;
/** Where each lane reads its next block. */
export const BLOCK_AT = 1280;
/** What a block takes besides its bytes: how many it has, and flags. */
export const BLOCK_BYTES = 1296;
export const FLAGS = 1312;
/** Blocks left of the part a lane reads. */
const LEFT = 1328;
/** 1 when the lane reads the end of its message. */
const AT_END = 1344;
const MESSAGE = 1360;
/** Constants of the algorithm. */
export const TABLE = 2048;
/** The last blocks of each lane's message. */
const TAILS = 4096;
const TAIL_BYTES = 192;
/** Read by lanes that have nothing to do. */
const NOTHING = 5120;
const SPANS = 0x1_0000;
const DIGESTS = 0x2_0000;
const INPUT = 0x4_0000;
const INPUT_BYTES = 512 * 1024;
const MAX_MESSAGES = 4096;
const BLOCK = 64;

export type LaneAlgorithm = {
  /** A message of two blocks and more, of the bytes 0, 1, 2 and so on, and its digest: what a module is tried with before it is trusted. */
  known: { sizeBytes: number; digest: string };
  /** First words of the state. */
  initial: readonly number[];
  /** Whether digests are written with the first byte of a word last. */
  bigEndian: boolean;
  /** A last block that is full is part of the end. */
  keepsLast: boolean;
  /** Bytes of the longest message. */
  maxBytes: number;
  flags: { first: number; last: number };
  /** Written behind the message: its bytes of padding for the end of `left` bytes at `tail`; leaves the number of blocks of the end. */
  pad(tail: Code, left: Code, length: Code): { write: Code; blocks: Code };
  /** Defines a function that takes a block of every lane into the state. */
  defineCompress(module: ReturnType<typeof createModule>): WasmFunction;
};

/** Digests of parts of `bytes`, as `Hasher.digests`; false when one is longer than the algorithm takes here, and nothing is written. */
export type LaneHasher = (bytes: Uint8Array, spans: Int32Array, into: Uint8Array) => boolean;

/** Null where WebAssembly or its SIMD is missing, or does not give what it must. */
export function createLaneHasher(algorithm: LaneAlgorithm): LaneHasher | null {
  if (typeof WebAssembly === 'undefined') return null;
  const code = laneModule(algorithm);
  if (!WebAssembly.validate(code)) return null;
  const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(code)).exports as {
    memory: WebAssembly.Memory;
    run(count: number): void;
  }; // what the module exports
  const all = new Uint8Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const limit = Math.min(algorithm.maxBytes, INPUT_BYTES);
  const hash: LaneHasher = (bytes, spans, into) => {
    for (let index = 0; index < spans.length; index += 2)
      if ((spans[index + 1] ?? 0) - (spans[index] ?? 0) > limit) return false;
    const total = spans.length / 2;
    for (let done = 0; done < total; ) {
      // Parts that lie together are copied together.
      const base = spans[2 * done] ?? 0;
      let [top, count] = [base, 0];
      while (done + count < total && count < MAX_MESSAGES) {
        const [from = 0, to = 0] = [spans[2 * (done + count)], spans[2 * (done + count) + 1]];
        if (from < base || Math.max(top, to) - base > INPUT_BYTES) break;
        top = Math.max(top, to);
        words[(SPANS >> 2) + 2 * count] = from - base + INPUT;
        words[(SPANS >> 2) + 2 * count + 1] = to - base + INPUT;
        count += 1;
      }
      all.set(bytes.subarray(base, top), INPUT);
      run(count);
      into.set(all.subarray(DIGESTS, DIGESTS + 32 * count), 32 * done);
      done += count;
    }
    return true;
  };
  return isRight(hash, algorithm.known) ? hash : null;
}

function isRight(hash: LaneHasher, { sizeBytes, digest }: LaneAlgorithm['known']): boolean {
  const found = new Uint8Array(32);
  hash(
    Uint8Array.from({ length: sizeBytes }, (_, index) => index),
    Int32Array.of(0, sizeBytes),
    found,
  );
  return [...found].map((byte) => byte.toString(16).padStart(2, '0')).join('') === digest;
}

function laneModule(algorithm: LaneAlgorithm): Uint8Array<ArrayBuffer> {
  const module = createModule((INPUT + INPUT_BYTES) / 0x1_0000 + 1);
  const compress = algorithm.defineCompress(module);
  const [count, next, active] = [module.global(), module.global(), module.global()];
  const lane = (base: number, index: number) => base + 4 * index;
  const nil = i32.const(0);
  const read = (base: number, index: number) => i32.load(nil, lane(base, index));
  const write = (base: number, index: number, value: Code) => i32.store(nil, value, lane(base, index));

  /** Gives a lane the next message, or nothing. */
  const start = Array.from({ length: LANES }, (_, index) => {
    const begin = module.function(null, [], []);
    begin.define((_, local) => {
      const [from, length, body, left, at] = [local('i32'), local('i32'), local('i32'), local('i32'), local('i32')];
      const tail = i32.const(TAILS + index * TAIL_BYTES);
      const { write: pad, blocks } = algorithm.pad(tail, left.get, length.get);
      const span = i32.shl(next.get, i32.const(3));
      const idle = [
        write(BLOCK_AT, index, i32.const(NOTHING)),
        write(LEFT, index, i32.const(-1)),
        write(AT_END, index, nil),
        [0x0f],
      ];
      return [
        when(i32.geU(next.get, count.get), idle),
        from.set(i32.load(span, SPANS)),
        length.set(i32.sub(i32.load(span, SPANS + 4), from.get)),
        write(MESSAGE, index, next.get),
        next.set(i32.add(next.get, i32.const(1))),
        active.set(i32.add(active.get, i32.const(1))),
        body.set(
          i32.shrU(
            algorithm.keepsLast ? i32.sub(i32.add(length.get, i32.eqz(length.get)), i32.const(1)) : length.get,
            i32.const(6),
          ),
        ),
        left.set(i32.sub(length.get, i32.shl(body.get, i32.const(6)))),
        // The end, zeros behind it.
        at.set(i32.add(from.get, i32.shl(body.get, i32.const(6)))),
        [0, 16, 32, 48].map((offset) => v128.store(tail, v128.load(at.get, offset), offset)),
        [0, 16, 32, 48].map((offset) => v128.store(i32.add(tail, left.get), v128.const(ZERO), offset)),
        [64, 80, 96, 112].map((offset) => v128.store(tail, v128.const(ZERO), offset)),
        pad,
        algorithm.initial.map((word, row) => i32.store(nil, i32.const(word), STATE + 16 * row + 4 * index)),
        write(AT_END, index, i32.eqz(body.get)),
        write(LEFT, index, pick(body.get, blocks, body.get)),
        write(BLOCK_AT, index, pick(from.get, tail, body.get)),
        write(BLOCK_BYTES, index, pick(i32.const(BLOCK), left.get, body.get)),
        write(
          FLAGS,
          index,
          pick(i32.const(algorithm.flags.first), i32.const(algorithm.flags.first | algorithm.flags.last), body.get),
        ),
        // How many blocks the end has, and bytes in the last: for when the lane gets there.
        i32.store(tail, blocks, 128),
        i32.store(tail, left.get, 132),
      ];
    });
    return begin;
  });

  /** What a lane does after a block. */
  const goOn = (index: number): Code => {
    const tail = i32.const(TAILS + index * TAIL_BYTES);
    const message = i32.shl(read(MESSAGE, index), i32.const(5));
    const swap = (value: Code): Code => (algorithm.bigEndian ? [value, swapped.call()] : value);
    return [
      write(LEFT, index, i32.sub(read(LEFT, index), i32.const(1))),
      when(
        i32.ne(read(LEFT, index), nil),
        [
          when(i32.gtU(i32.add(read(LEFT, index), i32.const(0x4000_0000)), i32.const(0x4000_0000)), [
            write(BLOCK_AT, index, i32.add(read(BLOCK_AT, index), i32.const(BLOCK))),
            write(FLAGS, index, nil),
          ]),
        ],
        when(
          read(AT_END, index),
          [
            Array.from({ length: 8 }, (_, row) =>
              i32.store(message, swap(read(STATE + 16 * row, index)), DIGESTS + 4 * row),
            ),
            active.set(i32.sub(active.get, i32.const(1))),
            start[index]?.call() ?? [],
          ],
          [
            write(AT_END, index, i32.const(1)),
            write(LEFT, index, i32.load(tail, 128)),
            write(BLOCK_AT, index, tail),
            write(BLOCK_BYTES, index, i32.load(tail, 132)),
            write(FLAGS, index, i32.const(algorithm.flags.last)),
          ],
        ),
      ),
    ];
  };
  const swapped = module.function(null, ['i32'], ['i32']);
  swapped.define(([word]) => {
    if (!word) return [];
    const part = (mask: number, shift: number) => i32.shl(i32.and(word.get, i32.const(mask)), i32.const(shift));
    return i32.or(
      i32.or(part(0xff, 24), part(0xff00, 8)),
      i32.or(i32.and(i32.shrU(word.get, i32.const(8)), i32.const(0xff00)), i32.shrU(word.get, i32.const(24))),
    );
  });

  const run = module.function('run', ['i32'], []);
  run.define(([messages]) => {
    if (!messages) return [];
    return [
      count.set(messages.get),
      next.set(nil),
      active.set(nil),
      start.map((begin) => begin.call()),
      when(i32.eqz(active.get), [0x0f]),
      loop((again) => [
        compress.call(),
        Array.from({ length: LANES }, (_, index) => goOn(index)),
        goWhen(again, active.get),
      ]),
    ];
  });
  return module.bytes();
}

const ZERO = Array.from({ length: 16 }, () => 0);
