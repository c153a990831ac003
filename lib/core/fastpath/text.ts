import { NEWLINE } from '../bytes/newline';
import { type Code, type Local, type ValueType, go, goWhen, loop, when } from '../wasm/code';
import type { createModule } from '../wasm/module';
import { giveBack, i16x8, i32, i64, i8x16, v128 } from '../wasm/ops';

export type Module = ReturnType<typeof createModule>;
export type NewLocal = (type: ValueType) => Local;

const encoder = new TextEncoder();

/** Whether an ASCII text of at least one character stands at an address. */
export function stands(at: Code, text: string, offset = 0): Code {
  const bytes = encoder.encode(text);
  const view = new DataView(bytes.buffer);
  const width = bytes.length >= 8 ? 8 : bytes.length >= 4 ? 4 : 1;
  const places: number[] = [];
  for (let from = 0; from < bytes.length; from += width) places.push(Math.min(from, bytes.length - width));
  const same = (place: number) =>
    width === 8
      ? i64.eq(i64.load(at, offset + place), i64.const(view.getBigInt64(place, true)))
      : width === 4
        ? i32.eq(i32.load(at, offset + place), i32.const(view.getInt32(place, true)))
        : i32.eq(i32.load8(at, offset + place), i32.const(bytes[place] ?? 0));
  return places.map(same).reduce((all, next) => i32.and(all, next));
}

export const splat8 = (value: number) => i8x16.splat(i32.const(value));

/** Whether a byte is a decimal digit. */
export const isDigit = (byte: Code) => i32.leU(i32.sub(byte, i32.const(0x30)), i32.const(9));

export type TextFunctions = ReturnType<typeof defineText>;

/** What every format needs of bytes. */
export function defineText(module: Module) {
  /** (from, end) -> where the next newline stands, `end` for none. */
  const newline = module.function(null, ['i32', 'i32'], ['i32']);
  newline.define(([at, end], local) => {
    if (!at || !end) return [];
    const found = local('i32');
    return [
      loop((again) => [
        when(i32.geU(at.get, end.get), giveBack(end.get)),
        found.set(i8x16.bitmask(i8x16.eq(v128.load(at.get), splat8(NEWLINE)))),
        when(i32.eqz(found.get), [at.set(i32.add(at.get, i32.const(16))), go(again)]),
      ]),
      at.set(i32.add(at.get, i32.ctz(found.get))),
      when(i32.gtU(at.get, end.get), giveBack(end.get)),
      at.get,
    ];
  });

  /** (from) -> where the next quote stands, at most 31 bytes on; 0 for none. */
  const quote = module.function(null, ['i32'], ['i32']);
  quote.define(([at], local) => {
    if (!at) return [];
    const found = local('i32');
    const mask = (offset: number) => i8x16.bitmask(i8x16.eq(v128.load(at.get, offset), splat8(0x22)));
    return [
      found.set(i32.or(mask(0), i32.shl(mask(16), i32.const(16)))),
      when(i32.eqz(found.get), giveBack(i32.const(0))),
      i32.add(at.get, i32.ctz(found.get)),
    ];
  });

  /** (at, into) -> whether 64 lower-case digits stand there; their 32 bytes are written. */
  const digest = module.function(null, ['i32', 'i32'], ['i32']);
  digest.define(([at, into], local) => {
    if (!at || !into) return [];
    const [bad, letters, digits, half] = [local('v128'), local('v128'), local('v128'), local('v128')];
    const isLetter = i8x16.leU(letters.get, splat8(5));
    const isNumeral = i8x16.leU(digits.get, splat8(9));
    /** Of 16 digits, the 8 bytes they write, each in 16 bits. */
    const bytes = (offset: number, to: Local) => [
      to.set(v128.load(at.get, offset)),
      letters.set(i8x16.sub(to.get, splat8(0x61))),
      digits.set(i8x16.sub(to.get, splat8(0x30))),
      bad.set(v128.or(bad.get, i8x16.eq(v128.or(isLetter, isNumeral), splat8(0)))),
      to.set(v128.select(i8x16.add(letters.get, splat8(10)), digits.get, isLetter)),
      to.set(
        v128.and(
          v128.or(i16x8.shl(to.get, i32.const(4)), i16x8.shrU(to.get, i32.const(8))),
          v128.const(Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? 0xff : 0))),
        ),
      ),
    ];
    const other = local('v128');
    return [
      [0, 32].map((offset) => [
        bytes(offset, half),
        bytes(offset + 16, other),
        v128.store(into.get, i8x16.narrow16U(half.get, other.get), offset / 2),
      ]),
      i32.eqz(v128.anyTrue(bad.get)),
    ];
  });

  /** (a, b) -> whether the same 64 bytes stand at both. */
  const same64 = module.function(null, ['i32', 'i32'], ['i32']);
  same64.define(([a, b]) => {
    if (!a || !b) return [];
    const differences = [0, 16, 32, 48].map((offset) => v128.xor(v128.load(a.get, offset), v128.load(b.get, offset)));
    return i32.eqz(v128.anyTrue(differences.reduce((all, next) => v128.or(all, next))));
  });

  /** (from, to) -> whether there is no byte of those that `found` marks in the 16 at a time it is given, with the address they are from. */
  function none(found: (bytes: Code, at: Code) => Code) {
    const test = module.function(null, ['i32', 'i32'], ['i32']);
    test.define(([at, to], local) => {
      if (!at || !to) return [];
      const [bytes, left, bad] = [local('v128'), local('i32'), local('i32')];
      return [
        loop((again) => [
          when(i32.geU(at.get, to.get), giveBack(i32.const(1))),
          bytes.set(v128.load(at.get)),
          left.set(i32.sub(to.get, at.get)),
          bad.set(i8x16.bitmask(found(bytes.get, at.get))),
          when(
            i32.ltU(left.get, i32.const(16)),
            bad.set(i32.and(bad.get, i32.sub(i32.shl(i32.const(1), left.get), i32.const(1)))),
          ),
          at.set(i32.add(at.get, i32.const(16))),
          goWhen(again, i32.eqz(bad.get)),
        ]),
        i32.const(0),
      ];
    });
    return test;
  }
  const is = (bytes: Code, value: number) => i8x16.eq(bytes, splat8(value));
  const anyOf = (marks: readonly Code[]) => marks.reduce((all, next) => v128.or(all, next));
  const within = (bytes: Code, first: number, count: number) =>
    i8x16.ltU(i8x16.sub(bytes, splat8(first)), splat8(count));

  /** (from, to) -> whether the bytes are characters of base64 and `=`. */
  const base64 = none((bytes) =>
    i8x16.eq(
      anyOf([
        within(v128.or(bytes, splat8(0x20)), 0x61, 26),
        within(bytes, 0x2f, 11),
        is(bytes, 0x2b),
        is(bytes, 0x3d),
      ]),
      splat8(0),
    ),
  );
  /** (from, to) -> whether no DEL is among the bytes. */
  const withoutDelete = none((bytes) => is(bytes, 0x7f));
  /** (from, to) -> whether no `<`, `>`, `&` is among the characters, nor U+2028 or U+2029. */
  const withoutMarkup = none((bytes, at) =>
    anyOf([
      ...[...'<>&'].map((one) => is(bytes, one.charCodeAt(0))),
      v128.and(
        v128.and(is(bytes, 0xe2), is(v128.load(at, 1), 0x80)),
        is(v128.or(v128.load(at, 2), splat8(0x01)), 0xa9),
      ),
    ]),
  );

  /** (to, from, length) Copies bytes, and up to 15 more behind them; -> where the copy ends. */
  const copy = module.function(null, ['i32', 'i32', 'i32'], ['i32']);
  copy.define(([to, from, length], local) => {
    if (!to || !from || !length) return [];
    const end = local('i32');
    return [
      end.set(i32.add(to.get, length.get)),
      loop((again) => [
        v128.store(to.get, v128.load(from.get)),
        to.set(i32.add(to.get, i32.const(16))),
        from.set(i32.add(from.get, i32.const(16))),
        goWhen(again, i32.ltU(to.get, end.get)),
      ]),
      end.get,
    ];
  });

  /** Writes a text of at least eight ASCII characters; leaves where it ends. */
  const write = (to: Code, text: string): Code => {
    const bytes = encoder.encode(text);
    const view = new DataView(bytes.buffer);
    const places: number[] = [];
    for (let from = 0; from < bytes.length; from += 8) places.push(Math.min(from, bytes.length - 8));
    return [
      places.map((place) => i64.store(to, i64.const(view.getBigInt64(place, true)), place)),
      i32.add(to, i32.const(bytes.length)),
    ];
  };

  return { newline, quote, digest, same64, base64, withoutDelete, withoutMarkup, copy, write };
}
