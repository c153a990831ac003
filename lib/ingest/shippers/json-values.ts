import { isJsonSpace } from '../../core/bytes/json-text';
import { AppError } from '../../core/errors';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** A JSON value by its own bytes, and read. */
export type JsonValue = { bytes: Buffer; value: unknown };

/** The values of a body in which they follow one another, with or without space between. @throws AppError BAD_REQUEST naming the value, from 0, in `event`. */
export function* concatenatedValues(body: Buffer): Generator<JsonValue> {
  let event = 0;
  for (let at = skipSpace(body, 0); at < body.length; at = skipSpace(body, at)) {
    const end = valueEnd(body, at, event);
    yield read(body, at, end, event);
    at = end;
    event += 1;
  }
}

/** The items of a body that is one array. @throws AppError BAD_REQUEST naming the item, from 0, in `event`. */
export function* arrayItems(body: Buffer): Generator<JsonValue> {
  let at = skipSpace(body, skipSpace(body, 0) + 1);
  let event = 0;
  if (body[at] !== CLOSE_ARRAY) {
    for (;;) {
      const end = valueEnd(body, at, event);
      yield read(body, at, end, event);
      event += 1;
      at = skipSpace(body, end);
      if (body[at] !== COMMA) break;
      at = skipSpace(body, at + 1);
    }
  }
  if (body[at] !== CLOSE_ARRAY || skipSpace(body, at + 1) < body.length) throw damaged(at, event);
}

export function firstByte(body: Buffer): number | undefined {
  return body[skipSpace(body, 0)];
}

function read(body: Buffer, from: number, to: number, event: number): JsonValue {
  const bytes = body.subarray(from, to);
  try {
    return { bytes, value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    throw damaged(from, event);
  }
}

function valueEnd(body: Buffer, from: number, event: number): number {
  let depth = 0;
  for (let at = from; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = stringEnd(body, at, event) - 1;
      if (depth === 0) return at + 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
      if (depth === 0) return at + 1;
      if (depth < 0) break;
    } else if (depth === 0) return scalarEnd(body, at);
  }
  throw damaged(from, event);
}

function stringEnd(body: Buffer, from: number, event: number): number {
  for (let at = from + 1; at < body.length; at += 1) {
    if (body[at] === BACKSLASH) at += 1;
    else if (body[at] === QUOTE) return at + 1;
  }
  throw damaged(from, event);
}

/** A number or word ends where anything else begins; at least one byte, so that reading it refuses what is neither. */
function scalarEnd(body: Buffer, from: number): number {
  let at = from + 1;
  while (at < body.length && /[\w.+-]/.test(String.fromCharCode(body[at] ?? 0))) at += 1;
  return at;
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  while (at < body.length && isJsonSpace(body[at])) at += 1;
  return at;
}

function damaged(byteOffset: number, event: number): AppError {
  return new AppError('BAD_REQUEST', `the body is no JSON from byte ${byteOffset} on`, { byteOffset, event });
}
