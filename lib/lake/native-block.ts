import 'server-only';
import { COLUMNS, type ColumnType } from '../core/event/fields';
import type { EventRow, LakeValue } from './event-row';

/** A column of a block while it grows. */
type Column = {
  /** As ClickHouse names it. */
  readonly type: string;
  add(value: LakeValue): void;
  /** Bytes of its data, in pieces, valid until the next value is added. The column is empty after. */
  end(): Uint8Array[];
};

/** Writes a block of rows, column after column. */
type BlockWriter = {
  readonly rows: number;
  add(row: EventRow): void;
  /** The block in ClickHouse's format `Native` without a revision, in memory of its own; none of no rows. The writer is empty after. */
  end(): Uint8Array<ArrayBuffer>;
};

type Put = (view: DataView, at: number, value: LakeValue) => void;

/** Of `SerializationLowCardinality`: one dictionary in each block, and what says so. */
const SHARED_DICTIONARIES = 1n;
const HAS_KEYS = 1n << 9n;
const INDEX_WIDTHS = [Uint8Array, Uint16Array, Uint32Array] as const;
const FIRST_ROWS = 1024;

const COLUMN: Readonly<Record<ColumnType, () => Column>> = {
  uuid: () => fixed('UUID', 16, uuidWriter()),
  position: () => fixed('UInt64', 8, putUint64),
  count53: () => fixed('UInt64', 8, putUint64),
  count32: () => fixed('UInt32', 4, (view, at, value) => view.setUint32(at, Number(value), true)),
  amount: () => fixed('Float64', 8, (view, at, value) => view.setFloat64(at, Number(value), true)),
  time: () => fixed(`DateTime64(6, 'UTC')`, 8, timeWriter()),
  sequence: nullable,
  text: () => texts(),
  word: words,
  decision: words,
};

/** Rows as the lake takes them without reading text: whatever their types, values go in as their columns hold them. */
export function createBlockWriter(): BlockWriter {
  let rows = 0;
  const columns = COLUMNS.map(({ type }) => COLUMN[type]());
  return {
    get rows() {
      return rows;
    },
    add({ values }) {
      for (let index = 0; index < columns.length; index += 1) columns[index]?.add(values[index] ?? null);
      rows += 1;
    },
    end() {
      if (rows === 0) return new Uint8Array(0);
      const pieces = [varint(columns.length), varint(rows)];
      for (const [index, column] of columns.entries())
        pieces.push(text(COLUMNS[index]?.name ?? ''), text(column.type), ...column.end());
      rows = 0;
      return joined(pieces);
    },
  };
}

/** Rows as one block. */
export function nativeBlock(rows: readonly EventRow[]): Uint8Array<ArrayBuffer> {
  const writer = createBlockWriter();
  for (const row of rows) writer.add(row);
  return writer.end();
}

/** Values of one width. */
function fixed(type: string, width: number, put: Put): Column {
  let bytes = new Uint8Array(FIRST_ROWS * width);
  let view = new DataView(bytes.buffer);
  let at = 0;
  return {
    type,
    add(value) {
      if (at === bytes.length) {
        bytes = grown(bytes, 2 * at);
        view = new DataView(bytes.buffer);
      }
      put(view, at, value);
      at += width;
    },
    end() {
      const piece = bytes.subarray(0, at);
      at = 0;
      return [piece];
    },
  };
}

function nullable(): Column {
  const nulls = fixed('UInt8', 1, (view, at, value) => view.setUint8(at, value === null ? 1 : 0));
  const numbers = fixed('UInt64', 8, (view, at, value) => putUint64(view, at, value ?? 0));
  return {
    type: 'Nullable(UInt64)',
    add(value) {
      nulls.add(value);
      numbers.add(value);
    },
    end: () => [...nulls.end(), ...numbers.end()],
  };
}

/** Each text with its length before it. */
function texts(): Column {
  let bytes = Buffer.alloc(FIRST_ROWS * 16);
  let at = 0;
  return {
    type: 'String',
    add(value) {
      const written = String(value);
      // A unit of UTF-16 takes three bytes at most, and a length of 32 bits five.
      const most = 3 * written.length + 5;
      if (at + most > bytes.length) bytes = Buffer.from(grown(bytes, 2 * bytes.length + most).buffer);
      if (written.length < 0x80) {
        const length = written === '' ? 0 : bytes.write(written, at + 1);
        if (length < 0x80) {
          bytes[at] = length;
          at += 1 + length;
          return;
        }
      }
      at = putVarint(bytes, at, Buffer.byteLength(written));
      at += bytes.write(written, at);
    },
    end() {
      const piece = bytes.subarray(0, at);
      at = 0;
      return [piece];
    },
  };
}

/** Each different text once, and its number for each row. */
function words(): Column {
  const numbers = new Map<string, number>();
  const keys = texts();
  let indexes = new Uint32Array(FIRST_ROWS);
  let rows = 0;
  return {
    type: 'LowCardinality(String)',
    add(value) {
      const word = String(value);
      let number = numbers.get(word);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(word, number);
        keys.add(word);
      }
      if (rows === indexes.length) {
        const more = new Uint32Array(2 * rows);
        more.set(indexes);
        indexes = more;
      }
      indexes[rows] = number;
      rows += 1;
    },
    end() {
      const width = numbers.size <= 0x100 ? 0 : numbers.size <= 0x1_0000 ? 1 : 2;
      const narrow = INDEX_WIDTHS[width].from(indexes.subarray(0, rows));
      const pieces = [
        uint64s(SHARED_DICTIONARIES, HAS_KEYS | BigInt(width), BigInt(numbers.size)),
        ...keys.end(),
        uint64s(BigInt(rows)),
        new Uint8Array(narrow.buffer),
      ];
      numbers.clear();
      rows = 0;
      return pieces;
    },
  };
}

/** Whole numbers up to 2^53. */
function putUint64(view: DataView, at: number, value: LakeValue): void {
  const number = Number(value);
  view.setUint32(at, number % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(number / 2 ** 32), true);
}

/** Its halves lie apart, each with its last byte first. Rows that follow one another are of one chain: the last is read once. */
function uuidWriter(): Put {
  let [last, high, low]: [LakeValue, bigint, bigint] = [null, 0n, 0n];
  return (view, at, value) => {
    if (value !== last) {
      const digits = String(value).replaceAll('-', '');
      [last, high, low] = [value, BigInt(`0x${digits.slice(0, 16)}`), BigInt(`0x${digits.slice(16)}`)];
    }
    view.setBigUint64(at, high, true);
    view.setBigUint64(at + 8, low, true);
  };
}

/** Microseconds since 1970; values are as `lakeTime` writes them, and those that follow one another of one day. */
function timeWriter(): Put {
  let [day, daySeconds] = ['', 0];
  return (view, at, value) => {
    const written = String(value);
    if (!written.startsWith(day) || day === '') {
      day = written.slice(0, 10);
      daySeconds = Date.parse(day) / 1000;
    }
    const two = (from: number) => (written.charCodeAt(from) - 48) * 10 + written.charCodeAt(from + 1) - 48;
    const seconds = daySeconds + (two(11) * 60 + two(14)) * 60 + two(17);
    const micros = (two(20) * 100 + two(22)) * 100 + two(24);
    const all = seconds * 1_000_000 + micros;
    // Beyond the year 2255 they are more than a double counts.
    if (Number.isSafeInteger(all)) putUint64(view, at, all);
    else view.setBigInt64(at, BigInt(seconds) * 1_000_000n + BigInt(micros), true);
  };
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  return bytes.subarray(0, putVarint(bytes, 0, value));
}

/** Seven bits a byte, the lowest first. Gives where it ends. */
function putVarint(bytes: Uint8Array, from: number, value: number): number {
  let [at, rest] = [from, value];
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80), at += 1) bytes[at] = (rest % 0x80) | 0x80;
  bytes[at] = rest;
  return at + 1;
}

function uint64s(...values: bigint[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values).buffer);
}

function grown(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(size);
  more.set(bytes);
  return more;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
