import { endOfLine } from '../../core/bytes/newline';
import type { Hasher } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import type { ShipperId } from '../../schemas/re-serialising-shippers';
import { type Entry, MAX_ENTRIES } from './delivery';
import { type JsonValue, arrayItems, concatenatedValues, firstByte } from './json-values';
import { lineOfBody, lineOfEvent, signatureOf } from './raw-line';

/**
 * The lines in a body of Vector's http sink, Fluent Bit's http output or curl: the log itself, events a line each, an array of events,
 * or events one behind another. `text/plain` is taken as it is. @throws AppError BAD_REQUEST for an array that is no JSON and for MessagePack, TOO_LARGE.
 */
export function readEvents(
  hasher: Hasher,
  body: Buffer,
  { chain, contentType, userAgent }: { chain: string; contentType: string; userAgent: string },
): Entry[] {
  if (/^application\/(x-)?msgpack\b/i.test(contentType))
    throw new AppError('BAD_REQUEST', 'MessagePack is not read: set "format json" in the http output of Fluent Bit');
  const sender = senderOf(userAgent);
  const event = (value: JsonValue): Entry => ({
    chain,
    ...lineOfEvent(hasher, value, sender ?? signatureOf(value.value) ?? 'shipper'),
  });
  if (/^text\/plain\b/i.test(contentType))
    return bounded(lines(body), (line) => ({ chain, line, reSerialisedBy: null }));
  if (firstByte(body) === 0x5b) return bounded(arrayItems(body), event);
  const line = (bytes: Buffer): Entry => {
    const { line: raw, reSerialisedBy } = lineOfBody(hasher, bytes);
    return { chain, line: raw, reSerialisedBy: reSerialisedBy && (sender ?? reSerialisedBy) };
  };
  if (!/^application\/json\b/i.test(contentType)) return bounded(lines(body), line);
  try {
    return bounded(concatenatedValues(body), event);
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_REQUEST') return bounded(lines(body), line); // a line that was damaged before it was sent
    throw error;
  }
}

/** The lines of a body; the last needs no newline. */
export function* lines(body: Buffer): Generator<Buffer> {
  for (let from = 0; from < body.length; ) {
    const end = endOfLine(body, from);
    yield body.subarray(from, end === 0 ? body.length : end - 1);
    from = end === 0 ? body.length : end;
  }
}

function senderOf(userAgent: string): ShipperId | null {
  if (/^vector\b/i.test(userAgent)) return 'vector';
  return /^fluent-?bit\b/i.test(userAgent) ? 'fluent-bit' : null;
}

function bounded<T>(items: Iterable<T>, entry: (item: T) => Entry): Entry[] {
  const entries: Entry[] = [];
  for (const item of items) {
    if (entries.length === MAX_ENTRIES)
      throw new AppError('TOO_LARGE', `a delivery is at most ${MAX_ENTRIES} entries`, { limit: MAX_ENTRIES });
    entries.push(entry(item));
  }
  return entries;
}
