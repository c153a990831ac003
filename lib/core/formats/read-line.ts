import type { UnreadableLine } from '../chain/format';

export type JsonObject = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MAX_GLUE_TRIES = 16;

/** Numbers Python reads and writes that JSON does not have, where they stand outside a string. */
const NON_FINITE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** The object a line of any format holds; Python's NaN and infinities read as null. Throws a SyntaxError for a line that holds none. */
export function readObject(line: Uint8Array): JsonObject {
  const value: unknown = parsePython(new TextDecoder().decode(line));
  if (!isObject(value)) throw new SyntaxError('the line holds no object');
  return value;
}

/**
 * Decodes and parses one line. `opening` is how every record of the format begins: by it a record glued behind other bytes is told.
 * With `python`, NaN and infinities are read, as null.
 */
export function readLine(line: Uint8Array, opening: string, dialect: 'json' | 'python' = 'json'): { text: string; record: JsonObject } | UnreadableLine {
  let text: string;
  try {
    text = utf8.decode(line);
  } catch {
    return unreadable('not-utf8', 'The line is not valid UTF-8: bytes were damaged, or it was written in another encoding.');
  }
  let record: unknown;
  try {
    record = dialect === 'python' ? parsePython(text) : JSON.parse(text);
  } catch {
    return explain(text, opening);
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

function explain(text: string, opening: string): UnreadableLine {
  if (text.startsWith('\uFEFF')) {
    return unreadable('not-json', 'The line begins with a byte-order mark (EF BB BF), which JSON does not allow: an editor or exporter added it, and the record behind it cannot be read as written.');
  }
  let at = text.length;
  for (let tries = 0; tries < MAX_GLUE_TRIES; tries += 1) {
    at = text.lastIndexOf(opening, at - 1);
    if (at <= 0) break;
    if (parses(text.slice(at))) {
      return unreadable('glued-line', `A whole record begins at byte ${new TextEncoder().encode(text.slice(0, at)).length} of the line, behind other bytes: a write was interrupted and the next record was appended to the torn line.`);
    }
  }
  return unreadable('not-json', 'The line is not valid JSON: it was damaged, cut or edited by hand.');
}

function parses(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

export function unreadable(code: UnreadableLine['code'], message: string): UnreadableLine {
  return { kind: 'unreadable', code, message };
}
