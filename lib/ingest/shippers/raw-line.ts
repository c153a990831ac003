import { breaksLine, withoutNewline } from '../../core/bytes/newline';
import type { ChainFormat, Hasher } from '../../core/chain/format';
import { recogniseRecord } from '../../core/formats';
import { type JsonObject, isObject } from '../../core/formats/read-line';
import type { ShipperId } from '../../schemas/re-serialising-shippers';
import type { JsonValue } from './json-values';

/** Members shippers put a line in, likeliest first. */
const LINE_MEMBERS = [
  'message',
  'log',
  'line',
  '_raw',
  'raw',
  'MESSAGE',
  'msg',
  'short_message',
  'full_message',
  'body',
  'event',
];

export type RawLine = { line: Buffer; reSerialisedBy: ShipperId | null };

/**
 * The log line in an event a shipper sent as JSON: the text it wraps, else the record itself in the bytes it came in. A record that is
 * not as its writer hashed it was written anew `by` the shipper.
 */
export function lineOfEvent(hasher: Hasher, { bytes, value }: JsonValue, by: ShipperId): RawLine {
  if (typeof value === 'string') return lineOfText(value);
  if (!isObject(value)) return { line: bytes, reSerialisedBy: by };
  const texts = wrappedTexts(value);
  const wrapped = texts.find(isRecord);
  if (wrapped !== undefined) return { line: Buffer.from(wrapped), reSerialisedBy: null };
  const line = breaksLine(bytes) ? Buffer.from(JSON.stringify(value)) : bytes;
  const format = recogniseRecord(value);
  if (format) return { line, reSerialisedBy: isAsHashed(format, hasher, line) ? null : by };
  // No record of its own: the text is a line that was damaged before the shipper read it.
  if (texts[0] !== undefined) return { line: withoutNewline(Buffer.from(texts[0])), reSerialisedBy: null };
  return { line, reSerialisedBy: by };
}

/** The log line in a text a shipper sent: itself, unless it is the envelope a logger or container runtime put a record in. */
export function lineOfText(text: string | Buffer): RawLine {
  const line = withoutNewline(Buffer.from(text));
  const record = parsed(line);
  const wrapped = record && !recogniseRecord(record) ? wrappedTexts(record).find(isRecord) : undefined;
  return { line: wrapped === undefined ? line : withoutNewline(Buffer.from(wrapped)), reSerialisedBy: null };
}

/** One line of a body that is the log itself, or events a line each. Only what a shipper is known by says it re-serialised the line. */
export function lineOfBody(hasher: Hasher, bytes: Buffer): RawLine {
  const value = parsed(bytes);
  if (!value) return { line: bytes, reSerialisedBy: null };
  const format = recogniseRecord(value);
  const wrapped = wrappedTexts(value).find((text) => !format || isRecord(text));
  if (wrapped !== undefined) return { line: withoutNewline(Buffer.from(wrapped)), reSerialisedBy: null };
  const by = signatureOf(value);
  return { line: bytes, reSerialisedBy: by && format && isAsHashed(format, hasher, bytes) ? null : by };
}

/** The shipper whose own members an event carries. */
export function signatureOf(event: unknown): ShipperId | null {
  if (!isObject(event)) return null;
  if (typeof event['source_type'] === 'string') return 'vector';
  if (typeof event['date'] === 'number') return 'fluent-bit';
  if ('@timestamp' in event) return 'elastic';
  return null;
}

function wrappedTexts(event: JsonObject): string[] {
  const direct = LINE_MEMBERS.flatMap((member) => (typeof event[member] === 'string' ? [event[member]] : []));
  const inner = event['event'];
  if (!isObject(inner)) return direct;
  const below = ['original', ...LINE_MEMBERS].flatMap((member) =>
    typeof inner[member] === 'string' ? [inner[member]] : [],
  );
  return [...direct, ...below];
}

function isRecord(text: string): boolean {
  const record = text.startsWith('{') ? parsed(text) : null;
  return record !== null && recogniseRecord(record) !== null;
}

function isAsHashed(format: ChainFormat, hasher: Hasher, line: Buffer): boolean {
  const record = format.check(line, hasher);
  return (
    record.kind === 'record' &&
    record.hash !== null &&
    record.computed === record.hash &&
    !record.notes.some(({ code }) => code === 're-serialised')
  );
}

function parsed(line: string | Buffer): JsonObject | null {
  const text = typeof line === 'string' ? line : line[0] === 0x7b ? line.toString('utf8') : '';
  if (text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null; // a damaged line is a line
  }
}
