import 'server-only';
import type { ChainFormat } from '../core/chain/format';
import type { ProblemCode } from '../core/chain/problem';
import type { RecordClaims } from '../core/chain/record-reader';
import { COLUMNS, EVENT_FIELDS, type FieldType, type NormalisedEvent, PLACE_FIELDS } from '../core/event/fields';
import { readObject } from '../core/formats/read-line';
import { storableText } from '../core/text/storable';
import { lakeTime } from './time';

type Place = {
  chainId: string;
  segment: { index: number; digest: string };
  ordinal: number;
  line: number;
  byteOffset: number;
  byteLength: number;
};
export type LakeValue = string | number | null;
/** A record as the lake has it. Values without names: they are made in half the time of an object a row. */
export type EventRow = {
  readonly chainId: string;
  readonly ordinal: number;
  readonly byteLength: number;
  /** Of `COLUMN_NAMES`, in their order. */
  readonly values: readonly LakeValue[];
};

export const COLUMN_NAMES: readonly string[] = COLUMNS.map(({ name }) => name);

const MAX_UINT32 = 2 ** 32 - 1;
/** Far beyond any cost, and so far below the largest double that no sum of costs gets there. */
const MAX_COST_USD = 1e100;
/** The flag of a record that states no time the lake knows. */
const UNTIMED = 'untimed';
/** Of a record that could not be read as an event, so much is shown. */
const SHOWN_CHARACTERS = 4_096;
const NOTHING = Object.fromEntries(
  EVENT_FIELDS.map(({ key, type }) => [
    key,
    type === 'time' ? null : type === 'text' || type === 'word' ? '' : type === 'decision' ? 'info' : 0,
  ]),
) as NormalisedEvent; // of every key, by the type of the list
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
const STATED = EVENT_FIELDS.map(({ key, type }) => ({
  key,
  encode: ENCODE[type] as (value: unknown) => string | number,
})); // each of the type of its field

const TIME_AT = COLUMN_NAMES.indexOf('recorded_at');
const FLAGS_AT = COLUMN_NAMES.indexOf('flags');
const NO_TIME = lakeTime(null);

/** A record as a row of the lake, whatever it holds: text is written as `storableText` says, numbers the columns cannot hold are cut to what they can. */
export function eventRow(
  format: ChainFormat,
  line: Uint8Array,
  claims: RecordClaims,
  place: Place,
  problem: ProblemCode | undefined,
): EventRow {
  const sequence =
    claims.sequence !== null && Number.isSafeInteger(claims.sequence) && claims.sequence >= 0 ? claims.sequence : null;
  const proof = [storableText(claims.hash ?? ''), storableText(claims.prev ?? ''), sequence, problem ?? 'ok'];
  return rowOf(
    [
      place.chainId,
      place.segment.index,
      place.segment.digest,
      place.ordinal,
      place.line,
      place.byteOffset,
      place.byteLength,
      format.id,
    ],
    eventOf(format, line),
    proof,
    place,
  );
}

/** The row of a record that the lake refused: no fields, but why, and how its bytes begin. */
export function refusedRow(row: EventRow, line: Uint8Array, reason: string): EventRow {
  const { hash, prev_hash: prev, integrity } = named(row);
  const place = row.values.slice(0, PLACE_FIELDS.length);
  return rowOf(
    place,
    { ...UNREADABLE, reason, target: beginningOf(line) },
    [plain(String(hash)), plain(String(prev)), null, integrity ?? ''],
    row,
  );
}

/** A row with the names of its columns. */
export function named({ values }: EventRow): Record<string, LakeValue> {
  return Object.fromEntries(COLUMN_NAMES.map((name, index) => [name, values[index] ?? null]));
}

function rowOf(
  place: readonly LakeValue[],
  event: NormalisedEvent,
  proof: readonly LakeValue[],
  { chainId, ordinal, byteLength }: Pick<EventRow, 'chainId' | 'ordinal' | 'byteLength'>,
): EventRow {
  const values = [...place];
  for (const { key, encode } of STATED) values.push(encode(event[key]));
  if (values[TIME_AT] === NO_TIME) values[FLAGS_AT] = [UNTIMED, values[FLAGS_AT]].filter(Boolean).join(', ');
  for (const value of proof) values.push(value);
  return { chainId, ordinal, byteLength, values };
}

/** What nobody foresaw in a record must not keep it, and those beside it, out of the lake. */
function eventOf(format: ChainFormat, line: Uint8Array): NormalisedEvent {
  try {
    return format.toEvent(readObject(line));
  } catch (error) {
    return {
      ...UNREADABLE,
      reason: `The record could not be read as an event: ${error instanceof Error ? error.message : String(error)}`,
      target: beginningOf(line),
    };
  }
}

/** The first bytes of a line with everything but printable ASCII left out. */
function beginningOf(line: Uint8Array): string {
  return plain(
    Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, SHOWN_CHARACTERS)).toString('latin1'),
  );
}

function plain(text: string): string {
  return text.slice(0, SHOWN_CHARACTERS).replaceAll(/[^\x20-\x7e]/g, '?');
}

function count(value: number, max: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(Math.trunc(value), max) : 0;
}
