import * as z from 'zod';
import type { Hasher } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import { memberSpans } from '../../core/json/member-spans';
import { type Entry, MAX_ENTRIES } from './delivery';
import { concatenatedValues } from './json-values';
import { lineOfEvent } from './raw-line';

/** Codes of the HTTP Event Collector for an event that cannot be taken. */
const EVENT_REQUIRED = 12;
const EVENT_BLANK = 13;
const Envelope = z.object({
  source: z.string().optional(),
  index: z.string().optional(),
  sourcetype: z.string().optional(),
  event: z.unknown().optional(),
});

/** Metadata of the query, for events that bring none. */
export type HecDefaults = { source?: string | undefined; index?: string | undefined };

/**
 * Events of `/services/collector/event`: JSON objects one behind another. @throws AppError BAD_REQUEST with the number of the event, from 0,
 * in `event` and, where the collector has one, its own `hecCode`; TOO_LARGE.
 */
export function readHecEvents(hasher: Hasher, body: Buffer, defaults: HecDefaults): Entry[] {
  const entries: Entry[] = [];
  for (const { bytes, value } of concatenatedValues(body)) {
    const event = entries.length;
    if (event === MAX_ENTRIES)
      throw new AppError('TOO_LARGE', `a delivery is at most ${MAX_ENTRIES} events`, { limit: MAX_ENTRIES });
    const envelope = Envelope.safeParse(value);
    if (!envelope.success) throw new AppError('BAD_REQUEST', 'an event is a JSON object with "event"', { event });
    const { event: content, source, index } = envelope.data;
    if (content === undefined || content === null)
      throw new AppError('BAD_REQUEST', 'Event field is required', { event, hecCode: EVENT_REQUIRED });
    if (content === '')
      throw new AppError('BAD_REQUEST', 'Event field cannot be blank', { event, hecCode: EVENT_BLANK });
    const line = lineOfEvent(hasher, { bytes: bytesOfEvent(bytes), value: content }, 'splunk-hec');
    entries.push({ chain: hecChain({ source, index }, defaults), ...line });
  }
  return entries;
}

/** @throws AppError BAD_REQUEST when nothing names one. */
export function hecChain(own: HecDefaults, defaults: HecDefaults): string {
  const name = own.source || defaults.source || own.index || defaults.index;
  if (!name) throw new AppError('BAD_REQUEST', 'nothing names the chain: send "source"');
  return name;
}

function bytesOfEvent(envelope: Buffer): Buffer {
  const text = envelope.toString('utf8');
  const span = memberSpans(text).findLast(({ key }) => key === 'event');
  return Buffer.from(span ? text.slice(span.valueFrom, span.to) : text);
}
