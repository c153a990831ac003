import { NEWLINE } from '../bytes/newline';
import { type Code, block, go, goWhen, loop, type Label, type Local, when } from '../wasm/code';
import { giveBack, i32, i64, i8x16, pick, v128 } from '../wasm/ops';
import {
  EXPECTED,
  EXPECTED_BYTES,
  EXPECTED_LENGTH,
  EXPECTED_NEXT,
  EXPECTED_OTHER,
  EXPECTED_TEXT_BYTES,
  KEYS,
  MAX_EXPECTED,
  MAX_KEYS,
  MAX_MEMBERS,
  MEMBERS,
  ONES_AND_ZEROS,
} from './layout';
import { type Module, type NewLocal, isDigit, splat8, stands } from './text';

const MAX_DEPTH = 32;
const MAX_NUMBER = 24;
const NONE = giveBack(i32.const(0));
/** Longest numbers whose digits a double holds: without a fraction, and with one. */
const PLAIN_NUMBER = 15;

/** What writers do not all write alike, as bits: what an object holds of it. */
export const UNLIKE = {
  /** A number that is not the shortest text of its double, or may not be: with an exponent, below 0.000001, of more than 15 digits, `-0`, `1.0`. */
  number: 1,
  /** A number below 0.0001. */
  small: 2,
  /** An escape of what no writer escapes, or escapes otherwise. */
  escape: 4,
  /** An escape of a character beyond ASCII but for `separator`, or of DEL, in lower case. */
  beyondAscii: 8,
  /** An escape of `<`, `>` or `&`, in lower case. */
  markup: 16,
  /** A key that begins with a digit or two underscores: JavaScript may put it elsewhere. */
  key: 32,
  /** Keys of an object inside that are not in the order of their bytes. */
  order: 64,
  /** An escape of U+2028 or U+2029, in lower case. */
  separator: 128,
} as const;

export type JsonFunctions = ReturnType<typeof defineJson>;

/**
 * Reads objects in the form machines write: JSON without spaces, valid UTF-8, no key twice in an object, keys without escapes, numbers
 * of reasonable length, nothing deep. What it takes, `JSON.parse` takes; of the rest it says nothing. Behind what is read a control
 * character must stand, such as the newline that ends a line. Addresses of ends; 0 for what is not taken. `notes`: what is `UNLIKE` is noted, which costs
 * a tenth.
 */
export function defineJson(module: Module, { notes }: { notes: boolean }) {
  /** Members of the outermost object read last. */
  const memberCount = module.global();
  /** A number in it has an exponent: it may be none a double holds. */
  const exponents = module.global();
  /** Bits of `UNLIKE`. */
  const unlike = module.global();
  /** Bytes in it beyond one for each unit of UTF-16. */
  const surplus = module.global();
  const note = (bits: Code): Code => unlike.set(i32.or(unlike.get, bits));
  const noted = (code: Code): Code => (notes ? code : []);

  /** (at) From the first byte of a character beyond ASCII to behind it. */
  const multibyte = module.function(null, ['i32'], ['i32']);
  multibyte.define(([at], local) => {
    if (!at) return [];
    const [first, second] = [local('i32'), local('i32')];
    const continues = (offset: number) => i32.eq(i32.and(i32.load8(at.get, offset), i32.const(0xc0)), i32.const(0x80));
    const refuse = (condition: Code) => when(condition, NONE);
    const between = (value: Local, leader: number, low: number, high: number) =>
      refuse(
        i32.and(
          i32.eq(first.get, i32.const(leader)),
          i32.or(i32.ltU(value.get, i32.const(low)), i32.gtU(value.get, i32.const(high))),
        ),
      );
    return [
      first.set(i32.load8(at.get)),
      second.set(i32.load8(at.get, 1)),
      refuse(i32.or(i32.ltU(first.get, i32.const(0xc2)), i32.gtU(first.get, i32.const(0xf4)))),
      refuse(i32.eqz(continues(1))),
      surplus.set(i32.add(surplus.get, i32.add(i32.const(1), i32.geU(first.get, i32.const(0xe0))))),
      when(i32.ltU(first.get, i32.const(0xe0)), giveBack(i32.add(at.get, i32.const(2)))),
      refuse(i32.eqz(continues(2))),
      between(second, 0xe0, 0xa0, 0xbf),
      between(second, 0xed, 0x80, 0x9f),
      when(i32.ltU(first.get, i32.const(0xf0)), giveBack(i32.add(at.get, i32.const(3)))),
      refuse(i32.eqz(continues(3))),
      between(second, 0xf0, 0x90, 0xbf),
      between(second, 0xf4, 0x80, 0x8f),
      i32.add(at.get, i32.const(4)),
    ];
  });

  /** (at) From the character behind a backslash to behind the escape. */
  const escape = module.function(null, ['i32'], ['i32']);
  escape.define(([at], local) => {
    if (!at) return [];
    const [letter, digit, value, upper] = [local('i32'), local('i32'), local('i32'), local('i32')];
    const isHex = (offset: number) => [
      digit.set(i32.load8(at.get, offset)),
      upper.set(i32.or(upper.get, i32.eq(i32.and(digit.get, i32.const(0x60)), i32.const(0x40)))),
      value.set(
        i32.add(
          i32.shl(value.get, i32.const(4)),
          i32.add(i32.and(digit.get, i32.const(15)), i32.mul(i32.shrU(digit.get, i32.const(6)), i32.const(9))),
        ),
      ),
      i32.or(isDigit(digit.get), i32.ltU(i32.sub(i32.or(digit.get, i32.const(0x20)), i32.const(0x61)), i32.const(6))),
    ];
    const isOneOf = (characters: string) =>
      [...characters]
        .map((one) => i32.eq(value.get, i32.const(one.charCodeAt(0))))
        .reduce((any, next) => i32.or(any, next));
    /** Control characters without a letter of their own are written so by every writer. */
    const isControl = i32.and(i32.ltU(value.get, i32.const(0x20)), i32.eqz(isOneOf('\b\t\n\f\r')));
    const kind = pick(
      pick(i32.const(UNLIKE.separator), i32.const(UNLIKE.beyondAscii), isOneOf('\u2028\u2029')),
      pick(i32.const(UNLIKE.markup), i32.const(UNLIKE.escape), isOneOf('<>&')),
      i32.geU(value.get, i32.const(0x7f)),
    );
    return [
      letter.set(i32.load8(at.get)),
      when(
        [...'"\\/bfnrt']
          .map((one) => i32.eq(letter.get, i32.const(one.charCodeAt(0))))
          .reduce((any, next) => i32.or(any, next)),
        [
          noted(when(i32.eq(letter.get, i32.const(0x2f)), note(i32.const(UNLIKE.escape)))),
          giveBack(i32.add(at.get, i32.const(1))),
        ],
      ),
      when(i32.ne(letter.get, i32.const(0x75)), NONE),
      [1, 2, 3, 4].map((offset) => when(i32.eqz(isHex(offset)), NONE)),
      noted(when(upper.get, note(i32.const(UNLIKE.escape)), when(i32.eqz(isControl), note(kind)))),
      i32.add(at.get, i32.const(5)),
    ];
  });

  /** (at) From the first byte of a number to behind it. */
  const number = module.function(null, ['i32'], ['i32']);
  number.define(([from], local) => {
    if (!from) return [];
    const [at, first, whole] = [local('i32'), local('i32'), local('i32')];
    const step = at.set(i32.add(at.get, i32.const(1)));
    const digits = loop((again) => when(isDigit(i32.load8(at.get)), [step, go(again)]));
    const some = [first.set(at.get), digits, when(i32.eq(at.get, first.get), NONE)];
    return [
      at.set(i32.add(from.get, i32.eq(i32.load8(from.get), i32.const(0x2d)))),
      some,
      when(
        i32.and(i32.eq(i32.load8(first.get), i32.const(0x30)), i32.ne(i32.sub(at.get, first.get), i32.const(1))),
        NONE,
      ),
      when(
        i32.eq(i32.load8(at.get), i32.const(0x2e)),
        [
          whole.set(first.get),
          step,
          some,
          noted([
            when(
              i32.or(
                i32.eq(i32.load8(i32.sub(at.get, i32.const(1))), i32.const(0x30)),
                i32.gtU(i32.sub(at.get, from.get), i32.const(PLAIN_NUMBER + 1)),
              ),
              note(i32.const(UNLIKE.number)),
            ),
            when(stands(whole.get, '0.0000'), note(i32.const(UNLIKE.small))),
            when(stands(whole.get, '0.000000'), note(i32.const(UNLIKE.number))),
          ]),
        ],
        noted(
          when(
            i32.or(stands(from.get, '-0'), i32.gtU(i32.sub(at.get, from.get), i32.const(PLAIN_NUMBER))),
            note(i32.const(UNLIKE.number)),
          ),
        ),
      ),
      when(i32.eq(i32.or(i32.load8(at.get), i32.const(0x20)), i32.const(0x65)), [
        exponents.set(i32.const(1)),
        noted(note(i32.const(UNLIKE.number))),
        step,
        when(i32.or(i32.eq(i32.load8(at.get), i32.const(0x2b)), i32.eq(i32.load8(at.get), i32.const(0x2d))), step),
        some,
      ]),
      when(i32.gtU(i32.sub(at.get, from.get), i32.const(MAX_NUMBER)), NONE),
      at.get,
    ];
  });

  /** Moves `at` from behind the opening quote of a string to its closing one. */
  function toQuote(at: Local, { found, bytes, quotes, backslashes, controls }: Marks, isKey: boolean): Code {
    const special = v128.or(
      v128.or(i8x16.eq(bytes.get, quotes.get), i8x16.eq(bytes.get, backslashes.get)),
      i8x16.ltS(bytes.get, controls.get),
    );
    return loop((again) => [
      bytes.set(v128.load(at.get)),
      when(i32.eqz(found.tee(i8x16.bitmask(special))), [at.set(i32.add(at.get, i32.const(16))), go(again)]),
      at.set(i32.add(at.get, i32.ctz(found.get))),
      found.set(i32.load8(at.get)),
      when(i32.ne(found.get, i32.const(0x22)), [
        when(i32.geU(found.get, i32.const(0x80)), at.set(multibyte.call(at.get)), [
          when(i32.ne(found.get, i32.const(isKey ? -1 : 0x5c)), NONE),
          at.set(escape.call(i32.add(at.get, i32.const(1)))),
        ]),
        when(i32.eqz(at.get), NONE),
        go(again),
      ]),
    ]);
  }

  /** (from, depth, keyBase) */
  const object = module.function(null, ['i32', 'i32', 'i32'], ['i32']);
  const array = module.function(null, ['i32', 'i32', 'i32'], ['i32']);

  /** Moves `at` from the first byte of a value to behind it. */
  function value(at: Local, marks: Marks, depth: Local, keyTop: Local): Code {
    const word = (text: string, done: Label) => [
      when(stands(at.get, text), [at.set(i32.add(at.get, i32.const(text.length))), go(done)]),
      NONE,
    ];
    const { found } = marks;
    const inside = (which: typeof object, done: Label) => [
      at.set(which.call(at.get, i32.add(depth.get, i32.const(1)), keyTop.get)),
      when(i32.eqz(at.get), NONE),
      go(done),
    ];
    return block((done) => [
      found.set(i32.load8(at.get)),
      when(i32.eq(found.get, i32.const(0x22)), [
        at.set(i32.add(at.get, i32.const(1))),
        toQuote(at, marks, false),
        at.set(i32.add(at.get, i32.const(1))),
        go(done),
      ]),
      when(i32.eq(found.get, i32.const(0x7b)), inside(object, done)),
      when(i32.eq(found.get, i32.const(0x5b)), inside(array, done)),
      when(i32.eq(found.get, i32.const(0x74)), word('true', done)),
      when(i32.eq(found.get, i32.const(0x66)), word('false', done)),
      when(i32.eq(found.get, i32.const(0x6e)), word('null', done)),
      at.set(number.call(at.get)),
      when(i32.eqz(at.get), NONE),
    ]);
  }

  array.define(([at, depth, keyTop], local) => {
    if (!at || !depth || !keyTop) return [];
    const marks = newMarks(local);
    return [
      when(i32.gtU(depth.get, i32.const(MAX_DEPTH)), NONE),
      when(i32.eq(i32.load8(at.get, 1), i32.const(0x5d)), giveBack(i32.add(at.get, i32.const(2)))),
      marks.set,
      loop((again) => [
        at.set(i32.add(at.get, i32.const(1))),
        value(at, marks, depth, keyTop),
        goWhen(again, i32.eq(i32.load8(at.get), i32.const(0x2c))),
      ]),
      when(i32.ne(i32.load8(at.get), i32.const(0x5d)), NONE),
      i32.add(at.get, i32.const(1)),
    ];
  });

  const isOddKey = (from: Local) => i32.or(isDigit(i32.load8(from.get)), stands(from.get, '__'));

  /** (from, length, otherFrom, otherLength) Whether a key comes before another one, by their bytes. */
  const isBefore = module.function(null, ['i32', 'i32', 'i32', 'i32'], ['i32']);
  isBefore.define(([from, length, other, otherLength], local) => {
    if (!from || !length || !other || !otherLength) return [];
    const [at, byte, otherByte] = [local('i32'), local('i32'), local('i32')];
    return [
      loop((again) => [
        when(i32.eq(at.get, otherLength.get), NONE),
        when(i32.eq(at.get, length.get), giveBack(i32.const(1))),
        byte.set(i32.load8(i32.add(from.get, at.get))),
        otherByte.set(i32.load8(i32.add(other.get, at.get))),
        at.set(i32.add(at.get, i32.const(1))),
        goWhen(again, i32.eq(byte.get, otherByte.get)),
      ]),
      i32.ltU(byte.get, otherByte.get),
    ];
  });

  /** (from, length, keyBase, keyTop) Whether a key is among those. */
  const isRepeatedKey = module.function(null, ['i32', 'i32', 'i32', 'i32'], ['i32']);
  isRepeatedKey.define(([from, length, index, top], local) => {
    if (!from || !length || !index || !top) return [];
    const [other, at] = [local('i32'), local('i32')];
    const entry = i32.add(i32.const(KEYS), i32.shl(index.get, i32.const(3)));
    return [
      loop((next) => [
        when(i32.geU(index.get, top.get), NONE),
        other.set(i32.load(entry)),
        when(i32.eq(i32.load(entry, 4), length.get), [
          at.set(i32.const(0)),
          loop((again) => [
            when(i32.geU(at.get, length.get), giveBack(i32.const(1))),
            when(i32.eq(i32.load8(i32.add(other.get, at.get)), i32.load8(i32.add(from.get, at.get))), [
              at.set(i32.add(at.get, i32.const(1))),
              go(again),
            ]),
          ]),
        ]),
        index.set(i32.add(index.get, i32.const(1))),
        go(next),
      ]),
      i32.const(0),
    ];
  });

  object.define(([at, depth, keyBase], local) => {
    if (!at || !depth || !keyBase) return [];
    const marks = newMarks(local);
    const [keyTop, keyFrom, keyTo, length, valueFrom, member, bit, seenKeys] = [
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i64'),
      local('i64'),
    ];
    const entry = i32.add(i32.const(KEYS), i32.shl(keyTop.get, i32.const(3)));
    const keyBefore = i32.sub(entry, i32.const(8));
    const times = (value: Code, factor: number) => i32.mul(value, i32.const(factor));
    // A key whose mark no other has is new; otherwise it is compared with all.
    const mark = [
      times(length.get, 7),
      times(i32.load8(keyFrom.get), 3),
      times(i32.load8(i32.sub(keyTo.get, i32.const(1))), 5),
      i32.load8(i32.shrU(i32.add(keyFrom.get, keyTo.get), i32.const(1))),
    ].reduce((sum, next) => i32.add(sum, next));
    return [
      when(i32.gtU(depth.get, i32.const(MAX_DEPTH)), NONE),
      when(i32.eq(i32.load8(at.get, 1), i32.const(0x7d)), giveBack(i32.add(at.get, i32.const(2)))),
      keyTop.set(keyBase.get),
      marks.set,
      loop((again) => [
        when(i32.or(i32.ne(i32.load8(at.get, 1), i32.const(0x22)), i32.eq(keyTop.get, i32.const(MAX_KEYS))), NONE),
        at.set(i32.add(at.get, i32.const(2))),
        keyFrom.set(at.get),
        noted(when(isOddKey(keyFrom), note(i32.const(UNLIKE.key)))),
        toQuote(at, marks, true),
        keyTo.set(at.get),
        when(i32.ne(i32.load8(at.get, 1), i32.const(0x3a)), NONE),
        length.set(i32.sub(keyTo.get, keyFrom.get)),
        bit.set(i64.shl(i64.const(1n), i64.fromU32(mark))),
        when(
          i32.eqz(i64.eqz(i64.and(seenKeys.get, bit.get))),
          when(isRepeatedKey.call(keyFrom.get, length.get, keyBase.get, keyTop.get), NONE),
        ),
        seenKeys.set(i64.or(seenKeys.get, bit.get)),
        noted(
          when(
            i32.and(i32.ne(keyTop.get, keyBase.get), i32.ne(depth.get, i32.const(1))),
            when(
              i32.eqz(isBefore.call(i32.load(keyBefore), i32.load(keyBefore, 4), keyFrom.get, length.get)),
              note(i32.const(UNLIKE.order)),
            ),
          ),
        ),
        i32.store(entry, keyFrom.get),
        i32.store(entry, length.get, 4),
        keyTop.set(i32.add(keyTop.get, i32.const(1))),
        at.set(i32.add(at.get, i32.const(2))),
        valueFrom.set(at.get),
        value(at, marks, depth, keyTop),
        when(i32.eq(depth.get, i32.const(1)), [
          when(i32.eq(memberCount.get, i32.const(MAX_MEMBERS)), NONE),
          member.set(i32.shl(memberCount.get, i32.const(4))),
          i32.store(member.get, keyFrom.get, MEMBERS),
          i32.store(member.get, keyTo.get, MEMBERS + 4),
          i32.store(member.get, valueFrom.get, MEMBERS + 8),
          i32.store(member.get, at.get, MEMBERS + 12),
          memberCount.set(i32.add(memberCount.get, i32.const(1))),
        ]),
        goWhen(again, i32.eq(i32.load8(at.get), i32.const(0x2c))),
      ]),
      when(i32.ne(i32.load8(at.get), i32.const(0x7d)), NONE),
      i32.add(at.get, i32.const(1)),
    ];
  });

  module.data(ONES_AND_ZEROS, new Uint8Array(2 * EXPECTED_TEXT_BYTES).fill(0xff, 0, EXPECTED_TEXT_BYTES));
  /** The first key that is expected; 0 for none. */
  const root = module.global();
  const expectedCount = module.global();

  /** Whether the key of a node stands at an address, that of its opening quote. */
  function isKey(node: Local, at: Code): Code {
    const differs = (offset: number) =>
      v128.and(
        v128.xor(v128.load(at, offset), v128.load(node.get, offset)),
        v128.load(node.get, EXPECTED_TEXT_BYTES + offset),
      );
    return i32.eqz(v128.anyTrue(v128.or(differs(0), differs(16))));
  }

  /** Expects the members of the object just read again, up to the first whose key is long, beyond ASCII, or one that JavaScript may put elsewhere. */
  const expect = module.function(null, [], []);
  expect.define((_, local) => {
    const [member, last, from, length, node, parent, before, key] = [
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
    ];
    const mask = i32.sub(i32.const(ONES_AND_ZEROS + EXPECTED_TEXT_BYTES), length.get);
    const text = (offset: number) => v128.store(node.get, v128.load(from.get, offset), offset);
    const masked = (offset: number) => v128.and(v128.load(from.get, offset), v128.load(mask, offset));
    const maskPart = (offset: number) => v128.store(node.get, v128.load(mask, offset), EXPECTED_TEXT_BYTES + offset);
    const make = [
      node.set(i32.add(i32.const(EXPECTED), i32.mul(expectedCount.get, i32.const(EXPECTED_BYTES)))),
      expectedCount.set(i32.add(expectedCount.get, i32.const(1))),
      [text(0), text(16), maskPart(0), maskPart(16)],
      i32.store(node.get, length.get, EXPECTED_LENGTH),
      i32.store(node.get, i32.const(0), EXPECTED_NEXT),
      i32.store(node.get, i32.const(0), EXPECTED_OTHER),
      when(
        before.get,
        i32.store(before.get, node.get, EXPECTED_OTHER),
        when(parent.get, i32.store(parent.get, node.get, EXPECTED_NEXT), root.set(node.get)),
      ),
    ];
    return [
      when(i32.gtU(i32.add(expectedCount.get, memberCount.get), i32.const(MAX_EXPECTED)), [
        root.set(i32.const(0)),
        expectedCount.set(i32.const(0)),
      ]),
      member.set(i32.const(MEMBERS)),
      last.set(i32.add(i32.const(MEMBERS), i32.shl(memberCount.get, i32.const(4)))),
      node.set(root.get),
      block((done) =>
        loop((next) => [
          goWhen(done, i32.eq(member.get, last.get)),
          from.set(i32.sub(i32.load(member.get), i32.const(1))),
          length.set(i32.sub(i32.load(member.get, 8), from.get)),
          key.set(i32.load(member.get)),
          goWhen(done, i32.or(i32.gtU(length.get, i32.const(EXPECTED_TEXT_BYTES)), isOddKey(key))),
          goWhen(done, i8x16.bitmask(v128.or(masked(0), masked(16)))),
          before.set(i32.const(0)),
          block((known) => [
            loop((again) =>
              when(node.get, [
                goWhen(known, isKey(node, from.get)),
                before.set(node.get),
                node.set(i32.load(node.get, EXPECTED_OTHER)),
                go(again),
              ]),
            ),
            make,
          ]),
          parent.set(node.get),
          node.set(i32.load(node.get, EXPECTED_NEXT)),
          member.set(i32.add(member.get, i32.const(16))),
          go(next),
        ]),
      ),
    ];
  });

  /**
   * (from) Where the object that begins there ends, which a newline follows; its members then lie in `MEMBERS`. The keys of an object
   * read before, in their order, are none twice: an object that has those, or the first of them, is only compared with them.
   */
  const scan = module.function(null, ['i32'], ['i32']);
  scan.define(([from], local) => {
    if (!from) return [];
    const marks = newMarks(local);
    const [at, node, member, valueFrom, depth, keyTop] = [
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
      local('i32'),
    ];
    const asExpected = block((otherwise) => [
      at.set(from.get),
      node.set(root.get),
      member.set(i32.const(MEMBERS)),
      depth.set(i32.const(1)),
      marks.set,
      loop((again) => [
        block((known) =>
          loop((other) => [
            goWhen(otherwise, i32.eqz(node.get)),
            goWhen(known, isKey(node, i32.add(at.get, i32.const(1)))),
            node.set(i32.load(node.get, EXPECTED_OTHER)),
            go(other),
          ]),
        ),
        i32.store(member.get, i32.add(at.get, i32.const(2))),
        valueFrom.set(i32.add(i32.add(at.get, i32.const(1)), i32.load(node.get, EXPECTED_LENGTH))),
        i32.store(member.get, i32.sub(valueFrom.get, i32.const(2)), 4),
        i32.store(member.get, valueFrom.get, 8),
        at.set(valueFrom.get),
        value(at, marks, depth, keyTop),
        i32.store(member.get, at.get, 12),
        memberCount.set(i32.add(memberCount.get, i32.const(1))),
        node.set(i32.load(node.get, EXPECTED_NEXT)),
        member.set(i32.add(member.get, i32.const(16))),
        goWhen(again, i32.eq(i32.load8(at.get), i32.const(0x2c))),
      ]),
      when(
        i32.and(i32.eq(i32.load8(at.get), i32.const(0x7d)), i32.eq(i32.load8(at.get, 1), i32.const(NEWLINE))),
        giveBack(i32.add(at.get, i32.const(1))),
      ),
    ]);
    const begin = [memberCount, exponents, unlike, surplus].map((each) => each.set(i32.const(0)));
    return [
      when(i32.ne(i32.load8(from.get), i32.const(0x7b)), NONE),
      begin,
      asExpected,
      begin,
      at.set(object.call(from.get, i32.const(1), i32.const(0))),
      when(i32.eqz(at.get), NONE),
      when(i32.ne(i32.load8(at.get), i32.const(NEWLINE)), NONE),
      expect.call(),
      at.get,
    ];
  });

  return { scan, isBefore, memberCount, exponents, unlike, surplus };
}

/** What strings are read with: what ends a run of plain characters, 16 times each. */
type Marks = { found: Local; bytes: Local; quotes: Local; backslashes: Local; controls: Local; set: Code };

function newMarks(local: NewLocal): Marks {
  const [found, bytes, quotes, backslashes, controls] = [
    local('i32'),
    local('v128'),
    local('v128'),
    local('v128'),
    local('v128'),
  ];
  // As signed bytes, those beyond ASCII are below zero.
  return {
    found,
    bytes,
    quotes,
    backslashes,
    controls,
    set: [quotes.set(splat8(0x22)), backslashes.set(splat8(0x5c)), controls.set(splat8(0x20))],
  };
}
