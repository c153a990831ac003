import 'server-only';
import type { ChainFormat, CheckedRecord } from '../core/chain/format';
import type { ProblemCode } from '../core/chain/problem';
import { EVENT_FIELDS, type Field, type FieldType, type NormalisedEvent } from '../core/event/fields';
import { readObject } from '../core/formats/read-line';
import { storableText } from '../core/text/storable';
import { lakeTime } from './time';

type Place = { chainId: string; segment: { index: number; digest: string }; ordinal: number; line: number; byteOffset: number; byteLength: number };
type Stated = { [F in Field as F['name']]: F['type'] extends 'count32' | 'count53' | 'amount' ? number : string };
export type EventRow = ReturnType<typeof eventRow>;

const MAX_UINT32 = 2 ** 32 - 1;
/** Far beyond any cost, and so far below the largest double that no sum of costs gets there. */
const MAX_COST_USD = 1e100;
/** Of a record that could not be read as an event, so much is shown. */
const SHOWN_CHARACTERS = 4_096;
const NOTHING = Object.fromEntries(EVENT_FIELDS.map(({ key, type }) => [key, type === 'time' ? null : type === 'text' || type === 'word' ? '' : type === 'decision' ? 'info' : 0])) as NormalisedEvent; // of every key, by the type of the list
const UNREADABLE: NormalisedEvent = { ...NOTHING, kind: 'unreadable' };

/** How a value of each type goes into its column, whatever it is. */
const ENCODE: Readonly<Record<FieldType, (value: never) => string | number>> = {
  text: storableText,
  word: storableText,
  decision: (value: string) => value,
  time: lakeTime,
  count32: (value: number) => count(value, MAX_UINT32),
  count53: (value: number) => count(value, Number.MAX_SAFE_INTEGER),
  amount: (value: number) => (Number.isFinite(value) ? Math.min(value, MAX_COST_USD) : 0),
};
const COLUMNS = EVENT_FIELDS.map(({ name, key, type }) => ({ name, key, encode: ENCODE[type] as (value: unknown) => string | number })); // each of the type of its field

/** A record as a row of the lake, whatever it holds: text is written as `storableText` says, numbers the columns cannot hold are cut to what they can. */
export function eventRow(format: ChainFormat, line: Uint8Array, checked: CheckedRecord, place: Place, problem: ProblemCode | undefined) {
  return {
    chain_id: place.chainId,
    segment_index: place.segment.index,
    segment_digest: place.segment.digest,
    ordinal: place.ordinal,
    line: place.line,
    byte_offset: place.byteOffset,
    byte_length: place.byteLength,
    format: format.id,
    ...stated(eventOf(format, line)),
    hash: storableText(checked.hash ?? ''),
    prev_hash: storableText(checked.prev ?? ''),
    sequence: checked.sequence !== null && Number.isSafeInteger(checked.sequence) && checked.sequence >= 0 ? checked.sequence : null,
    integrity: problem ?? 'ok',
  };
}

/** The row of a record that the lake refused: no fields, but why, and how its bytes begin. */
export function refusedRow(row: EventRow, line: Uint8Array, reason: string): EventRow {
  return { ...row, ...stated({ ...UNREADABLE, reason, target: beginningOf(line) }), hash: plain(row.hash), prev_hash: plain(row.prev_hash), sequence: null };
}

function stated(event: NormalisedEvent): Stated {
  const row: Record<string, string | number> = {};
  for (const { name, key, encode } of COLUMNS) row[name] = encode(event[key]);
  return row as Stated; // every column of the list
}

/** What nobody foresaw in a record must not keep it, and those beside it, out of the lake. */
function eventOf(format: ChainFormat, line: Uint8Array): NormalisedEvent {
  try {
    return format.toEvent(readObject(line));
  } catch (error) {
    return { ...UNREADABLE, reason: `The record could not be read as an event: ${error instanceof Error ? error.message : String(error)}`, target: beginningOf(line) };
  }
}

/** The first bytes of a line with everything but printable ASCII left out. */
function beginningOf(line: Uint8Array): string {
  return plain(Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, SHOWN_CHARACTERS)).toString('latin1'));
}

function plain(text: string): string {
  return text.slice(0, SHOWN_CHARACTERS).replaceAll(/[^\x20-\x7e]/g, '?');
}

function count(value: number, max: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(Math.trunc(value), max) : 0;
}
