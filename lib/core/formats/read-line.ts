import { hasByteOrderMark } from '../bytes/text-encoding';
import type { CheckedRecord, UnreadableLine } from '../chain/format';

export type JsonObject = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** What is no UTF-8 becomes U+FFFD, and a byte-order mark is passed over. */
const lenient = new TextDecoder();

/** Numbers Python reads and writes that JSON does not have, where they stand outside a string. */
const NON_FINITE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** The object a line of any format holds; Python's NaN and infinities read as null. Throws a SyntaxError for a line that holds none. */
export function readObject(line: Uint8Array): JsonObject {
  const value: unknown = parsePython(lenient.decode(line));
  if (!isObject(value)) throw new SyntaxError('the line holds no object');
  return value;
}

type Dialect = 'json' | 'python';
type Read = { text: string; record: JsonObject };

const BYTE_ORDER_MARK: CheckedRecord['notes'][number] = {
  code: 'byte-order-mark',
  expected: null,
  found: 'EF BB BF',
  message:
    'A byte-order mark stands before the record: an editor, PowerShell or an exporter put it there. The bytes behind it are what was checked.',
};

/** A line as records of a format are read: a byte-order mark before it is passed over, and said in a note. `line` is what stands behind it. */
export function readRecord(
  line: Uint8Array,
  dialect: Dialect = 'json',
): (Read & { line: Uint8Array; notes: CheckedRecord['notes'] }) | UnreadableLine {
  const marked = hasByteOrderMark(line);
  const bytes = marked ? line.subarray(3) : line;
  const read = readLine(bytes, dialect);
  return 'kind' in read ? read : { ...read, line: bytes, notes: marked ? [BYTE_ORDER_MARK] : [] };
}

/** Decodes and parses one line to the letter. With `python`, NaN and infinities are read, as null. */
export function readLine(line: Uint8Array, dialect: Dialect = 'json'): Read | UnreadableLine {
  let text: string;
  try {
    text = utf8.decode(line);
  } catch {
    return unreadable(
      'not-utf8',
      'The line is not valid UTF-8: bytes were damaged, or it was written in another encoding.',
    );
  }
  let record: unknown;
  try {
    record = dialect === 'python' ? parsePython(text) : JSON.parse(text);
  } catch {
    return unreadable('not-json', 'The line is not valid JSON: it was damaged, cut or edited by hand.');
  }
  if (isObject(record)) return { text, record };
  const what = record === null ? '`null`' : Array.isArray(record) ? 'an array' : `a ${typeof record}`;
  return unreadable('not-a-record', `The line holds ${what} where a record, a JSON object, belongs.`);
}

function parsePython(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const finite = text.replaceAll(NON_FINITE, (token) => (token.startsWith('"') ? token : 'null'));
    if (finite === text) throw error;
    return JSON.parse(finite);
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function unreadable(code: UnreadableLine['code'], message: string): UnreadableLine {
  return { kind: 'unreadable', code, message };
}
