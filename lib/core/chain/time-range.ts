import { type Times, createTimeline } from './time-gaps';

/** Larger than any part of a date. */
const NO_NUMBER = 1_000_000;

/** The number two digits make; a million for others. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const units = (bytes[at + 1] ?? 0) - 0x30;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : NO_NUMBER;
}

/** A time as its characters without the `Z`, which order as times do. */
type Text = { readonly bytes: Uint8Array; length: number };

/** What the times of records tell, given in the order of the file. `record` is the 0-based ordinal. */
export type TimeRange = {
  /** Null for a record that states no time. */
  noteText(instant: string | null, record: number): void;
  /** Notes times of consecutive records, the first of which is `record`. */
  recordRun(run: TimedRun, record: number): void;
  end(): Times & { earliest: string | null; latest: string | null };
};

/** Times of lines read together, by their position among these. */
export type TimedRun = {
  count: number;
  isStated(index: number): boolean;
  /** Since 1970. */
  seconds(index: number): number;
  nanos(index: number): number;
  fractionDigits(index: number): number;
  /** RFC 3339 in UTC. */
  text(index: number): string;
};

/** The first stated time, with the ordinal of its record, and the outermost. */
type TimeEnds = { earliest: Text; latest: Text; opening: Text; openingRecord: number };

export function createTimeRange(): TimeRange {
  const ends: TimeEnds = { earliest: text(), latest: text(), opening: text(), openingRecord: 0 };
  const closing = text();
  const scratch = text();
  const timeline = createTimeline();
  let closingSeconds = Number.NaN;
  const untimed = { count: 0, first: 0 };

  function note(bytes: Uint8Array, from: number, length: number, record: number): void {
    const seconds = secondsAt(bytes, from);
    if (timeline.isOfNote(seconds - closingSeconds))
      timeline.add({
        record,
        from: read(closing) ?? '',
        to: instant(bytes, from, length),
        seconds: seconds - closingSeconds,
      });
    closingSeconds = seconds;
    copy(bytes, from, length, closing);
    widen(ends, bytes, from, length, record);
  }

  function recordUntimed(record: number): void {
    if (untimed.count === 0) untimed.first = record;
    untimed.count += 1;
  }

  return {
    noteText(instant, record) {
      if (instant === null) return recordUntimed(record);
      write(scratch, instant);
      note(scratch.bytes, 0, instant.length - 1, record);
    },
    recordRun(run, record) {
      let [opens, first, last, closes] = [-1, -1, -1, -1];
      for (let index = 0; index < run.count; index += 1) {
        if (!run.isStated(index)) {
          recordUntimed(record + index);
          continue;
        }
        const seconds = run.seconds(index);
        if (timeline.isOfNote(seconds - closingSeconds))
          timeline.add({
            record: record + index,
            from: closes === -1 ? (read(closing) ?? '') : run.text(closes),
            to: run.text(index),
            seconds: seconds - closingSeconds,
          });
        closingSeconds = seconds;
        closes = index;
        if (opens === -1) [opens, first, last] = [index, index, index];
        else if (isBefore(run, last, index)) last = index;
        else if (isBefore(run, index, first)) first = index;
      }
      if (opens === -1) return;
      for (const index of [opens, first, last]) {
        const text = run.text(index);
        write(scratch, text);
        widen(ends, scratch.bytes, 0, text.length - 1, record + index);
      }
      write(closing, run.text(closes));
      closing.length = run.text(closes).length - 1;
    },
    end: () => ({
      earliest: read(ends.earliest),
      latest: read(ends.latest),
      opening: read(ends.opening),
      closing: read(closing),
      ...(ends.openingRecord > 0 && { openingRecord: ends.openingRecord }),
      ...timeline.end(),
      ...(untimed.count > 0 && { untimed }),
    }),
  };
}

function widen(ends: TimeEnds, bytes: Uint8Array, from: number, length: number, record: number): void {
  const { earliest, latest, opening } = ends;
  if (latest.length === 0 || order(bytes, from, length, latest) > 0) copy(bytes, from, length, latest);
  if (earliest.length === 0 || order(bytes, from, length, earliest) < 0) copy(bytes, from, length, earliest);
  if (opening.length > 0) return;
  copy(bytes, from, length, opening);
  ends.openingRecord = record;
}

/** Whether one time is before another as their characters order. */
function isBefore(run: TimedRun, one: number, other: number): boolean {
  const seconds = run.seconds(one) - run.seconds(other);
  if (seconds !== 0) return seconds < 0;
  const nanos = run.nanos(one) - run.nanos(other);
  return nanos < 0 || (nanos === 0 && run.fractionDigits(one) < run.fractionDigits(other));
}

/** Seconds since 1970 of the whole second, by the proleptic Gregorian calendar. */
function secondsAt(bytes: Uint8Array, from: number): number {
  const month = pair(bytes, from + 5);
  // Years that begin in March end with the day of leap years.
  const year = pair(bytes, from) * 100 + pair(bytes, from + 2) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + pair(bytes, from + 8) - 1;
  const days =
    year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_468;
  return days * 86_400 + pair(bytes, from + 11) * 3600 + pair(bytes, from + 14) * 60 + pair(bytes, from + 17);
}

function text(): Text {
  return { bytes: new Uint8Array(32), length: 0 };
}

function write({ bytes }: Text, from: string): void {
  for (let at = 0; at < from.length && at < bytes.length; at += 1) bytes[at] = from.charCodeAt(at);
}

function read({ bytes, length }: Text): string | null {
  return length === 0 ? null : instant(bytes, 0, length);
}

function instant(bytes: Uint8Array, from: number, length: number): string {
  return `${String.fromCharCode(...bytes.subarray(from, from + length))}Z`;
}

function copy(bytes: Uint8Array, from: number, length: number, to: Text): void {
  for (let at = 0; at < length; at += 1) to.bytes[at] = bytes[from + at] ?? 0;
  to.length = length;
}

function order(bytes: Uint8Array, from: number, length: number, other: Text): number {
  const common = Math.min(length, other.length);
  for (let at = 0; at < common; at += 1) {
    const difference = (bytes[from + at] ?? 0) - (other.bytes[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return length - other.length;
}
