/** Where the members of a scanned object lie: four numbers a member, its key without quotes and its value, as `from, to, from, to`. */
type Members = {
  count: number;
  readonly at: Int32Array;
  /** A number in the object has an exponent: it may be none a double holds. */
  exponents: boolean;
};

export type Scanner = {
  members: Members;
  /** Whether the bytes are such an object. */
  scan(bytes: Uint8Array, from: number, to: number): boolean;
  /** Whether the bytes begin such an object whose members end at `comma`, where another is to follow. What stands there is not read. */
  scanUntil(bytes: Uint8Array, from: number, comma: number): boolean;
  /** Whether a member read has this key. */
  has(bytes: Uint8Array, key: Uint8Array): boolean;
};

const MAX_MEMBERS = 64;
const MAX_KEYS = 512;
const MAX_DEPTH = 32;
const MAX_NUMBER = 24;

const PLAIN = 0;
const QUOTE = 1;
const BACKSLASH = 2;
const CONTROL = 3;
const LETTERS = new Uint8Array(256).fill(4, 0x80);
LETTERS.fill(CONTROL, 0, 0x20);
LETTERS[0x22] = QUOTE;
LETTERS[0x5c] = BACKSLASH;

/**
 * Reads objects in the form machines write: JSON without spaces, valid UTF-8, no key twice in an object, keys without escapes, numbers
 * of reasonable length, nothing deep. What it takes, `JSON.parse` takes; of the rest it says nothing. `scan` gives false for that. The byte at
 * `to` must be a control character, such as the newline that ends a line.
 */
export function createScanner(): Scanner {
  const members: Members = { count: 0, at: new Int32Array(4 * MAX_MEMBERS), exponents: false };
  const keys = new Int32Array(2 * MAX_KEYS);

  let stop = -1;
  let isStopped = false;

  /** From the first byte behind the opening quote to behind the closing one; -1 for none. */
  function string(bytes: Uint8Array, from: number): number {
    let at = from;
    for (;;) {
      let letter = LETTERS[bytes[at] ?? 0];
      while (letter === PLAIN) {
        at += 1;
        letter = LETTERS[bytes[at] ?? 0];
      }
      if (letter === QUOTE) return at + 1;
      if (letter === BACKSLASH) at = escape(bytes, at + 1);
      else if (letter === CONTROL) return -1;
      else at = multibyte(bytes, at);
      if (at === -1) return -1;
    }
  }

  function value(bytes: Uint8Array, at: number, depth: number, keyTop: number): number {
    switch (bytes[at]) {
      case 0x22:
        return string(bytes, at + 1);
      case 0x7b:
        return object(bytes, at, depth + 1, keyTop);
      case 0x5b:
        return array(bytes, at, depth + 1, keyTop);
      case 0x74:
        return bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65 ? at + 4 : -1;
      case 0x66:
        return bytes[at + 1] === 0x61 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x73 && bytes[at + 4] === 0x65 ? at + 5 : -1;
      case 0x6e:
        return bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c ? at + 4 : -1;
      default:
        return number(bytes, at, members);
    }
  }

  function array(bytes: Uint8Array, from: number, depth: number, keyTop: number): number {
    if (depth > MAX_DEPTH) return -1;
    if (bytes[from + 1] === 0x5d) return from + 2;
    let at = from;
    do {
      at = value(bytes, at + 1, depth, keyTop);
      if (at === -1) return -1;
    } while (bytes[at] === 0x2c);
    return bytes[at] === 0x5d ? at + 1 : -1;
  }

  function object(bytes: Uint8Array, from: number, depth: number, keyBase: number): number {
    if (depth > MAX_DEPTH) return -1;
    if (bytes[from + 1] === 0x7d) return from + 2;
    let keyTop = keyBase;
    let low = 0;
    let high = 0;
    let at = from;
    do {
      if (bytes[at + 1] !== 0x22 || keyTop === MAX_KEYS) return -1;
      const keyFrom = at + 2;
      at = keyFrom;
      for (;;) {
        while (LETTERS[bytes[at] ?? 0] === PLAIN) at += 1;
        if ((bytes[at] ?? 0) < 0x80) break;
        at = multibyte(bytes, at);
        if (at === -1) return -1;
      }
      const keyTo = at;
      if (bytes[at] !== 0x22 || bytes[at + 1] !== 0x3a) return -1;
      // A key whose mark no other has is new; otherwise it is compared with all.
      const mark = (keyTo - keyFrom) * 7 + (bytes[keyFrom] ?? 0) * 3 + (bytes[keyTo - 1] ?? 0) * 5 + (bytes[(keyFrom + keyTo) >> 1] ?? 0);
      const bit = 1 << (mark & 31);
      const isHigh = (mark & 32) !== 0;
      if (((isHigh ? high : low) & bit) !== 0 && isTaken(bytes, keyFrom, keyTo, keyBase, keyTop)) return -1;
      if (isHigh) high |= bit;
      else low |= bit;
      keys[2 * keyTop] = keyFrom;
      keys[2 * keyTop + 1] = keyTo;
      keyTop += 1;
      const valueFrom = at + 2;
      at = value(bytes, valueFrom, depth, keyTop);
      if (at === -1) return -1;
      if (depth === 1) {
        if (members.count === MAX_MEMBERS) return -1;
        const index = 4 * members.count;
        members.at[index] = keyFrom;
        members.at[index + 1] = keyTo;
        members.at[index + 2] = valueFrom;
        members.at[index + 3] = at;
        members.count += 1;
        if (at === stop) {
          isStopped = true;
          return at;
        }
      }
    } while (bytes[at] === 0x2c);
    return bytes[at] === 0x7d ? at + 1 : -1;
  }

  function isTaken(bytes: Uint8Array, from: number, to: number, keyBase: number, keyTop: number): boolean {
    for (let index = keyBase; index < keyTop; index += 1) {
      const other = keys[2 * index] ?? 0;
      if ((keys[2 * index + 1] ?? 0) - other !== to - from) continue;
      let same = 0;
      while (same < to - from && bytes[other + same] === bytes[from + same]) same += 1;
      if (same === to - from) return true;
    }
    return false;
  }

  return {
    members,
    scan(bytes, from, to) {
      members.count = 0;
      members.exponents = false;
      stop = -1;
      return bytes[from] === 0x7b && object(bytes, from, 1, 0) === to;
    },
    scanUntil(bytes, from, comma) {
      members.count = 0;
      members.exponents = false;
      stop = comma;
      isStopped = false;
      return bytes[from] === 0x7b && object(bytes, from, 1, 0) === comma && isStopped && bytes[comma] === 0x2c;
    },
    has(bytes, key) {
      for (let index = 0; index < 4 * members.count; index += 4) {
        const from = members.at[index] ?? 0;
        if ((members.at[index + 1] ?? 0) - from !== key.length) continue;
        let same = 0;
        while (same < key.length && bytes[from + same] === key[same]) same += 1;
        if (same === key.length) return true;
      }
      return false;
    },
  };
}

/** From the first byte of a number to behind it; -1 for none, and for one that is very long. */
function number(bytes: Uint8Array, from: number, members: Members): number {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  const first = at;
  while (isDigit(bytes[at])) at += 1;
  if (at === first || (bytes[first] === 0x30 && at > first + 1)) return -1;
  if (bytes[at] === 0x2e) {
    const point = at;
    at += 1;
    while (isDigit(bytes[at])) at += 1;
    if (at === point + 1) return -1;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    members.exponents = true;
    at += bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? 2 : 1;
    const exponent = at;
    while (isDigit(bytes[at])) at += 1;
    if (at === exponent) return -1;
  }
  return at - from > MAX_NUMBER ? -1 : at;
}

/** From the character behind a backslash to behind the escape. */
function escape(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return at + 1;
    case 0x75:
      for (let digit = at + 1; digit < at + 5; digit += 1) if (!isHex(bytes[digit])) return -1;
      return at + 5;
    default:
      return -1;
  }
}

/** From the first byte of a character beyond ASCII to behind it; -1 for what is no UTF-8. */
function multibyte(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  if (first < 0xc2 || first > 0xf4 || (second & 0xc0) !== 0x80) return -1;
  if (first < 0xe0) return at + 2;
  if (((bytes[at + 2] ?? 0) & 0xc0) !== 0x80) return -1;
  if (first < 0xf0) return (first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f) ? -1 : at + 3;
  if (((bytes[at + 3] ?? 0) & 0xc0) !== 0x80 || (first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return -1;
  return at + 4;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && ((byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46)));
}
