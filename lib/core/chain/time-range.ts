import type { FastCheck } from './fast-check';
import { type TimeGap, createGapList } from './time-gaps';

const DOT = 0x2e;
const DAYS = new Uint8Array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
/** Bytes of `2026-05-11T08:00:00`. */
const WHOLE = 19;

/** Whether bytes state a time as machines do: `2026-05-11T08:00:00.123456789Z`, a fraction of up to nine digits or none. */
export function isInstant(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length < WHOLE + 1 || length > WHOLE + 11 || bytes[to - 1] !== 0x5a) return false;
  if (bytes[from + 4] !== 0x2d || bytes[from + 7] !== 0x2d || bytes[from + 10] !== 0x54 || bytes[from + 13] !== 0x3a || bytes[from + 16] !== 0x3a) return false;
  const year = pair(bytes, from) * 100 + pair(bytes, from + 2);
  const month = pair(bytes, from + 5);
  const day = pair(bytes, from + 8);
  if (!(year >= 1000 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 0))) return false;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return false;
  if (!(pair(bytes, from + 11) <= 23 && pair(bytes, from + 14) <= 59 && pair(bytes, from + 17) <= 59)) return false;
  if (length === WHOLE + 1) return true;
  if (bytes[from + WHOLE] !== DOT || length === WHOLE + 2) return false;
  for (let at = from + WHOLE + 1; at < to - 1; at += 1) if (!((bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39)) return false;
  return true;
}

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
  noteText(instant: string, record: number): void;
  noteFast(bytes: Uint8Array, fast: FastCheck, record: number): void;
  /** Notes times of consecutive records, the first of which is `record`. */
  noteRun(run: TimedRun, record: number): void;
  end(): { earliest: string | null; latest: string | null; opening: string | null; closing: string | null; gaps: TimeGap[] };
};

/** Times of lines read together: where they stand in `bytes`, as RFC 3339 in UTC, and what they say. */
export type TimedRun = {
  bytes: Uint8Array;
  count: number;
  from(index: number): number;
  to(index: number): number;
  /** Since 1970. */
  seconds(index: number): number;
  nanos(index: number): number;
  fractionDigits(index: number): number;
};

export function createTimeRange(): TimeRange {
  const earliest = text();
  const latest = text();
  const opening = text();
  const closing = text();
  const scratch = text();
  const gaps = createGapList();
  let day = Number.NaN;
  let closingSeconds = Number.NaN;

  function note(bytes: Uint8Array, from: number, length: number, record: number): void {
    const seconds = secondsAt(bytes, from);
    if (seconds - closingSeconds >= gaps.least()) gaps.add({ record, from: read(closing) ?? '', to: instant(bytes, from, length), seconds: seconds - closingSeconds });
    closingSeconds = seconds;
    copy(bytes, from, length, closing);
    widen(bytes, from, length);
  }

  function widen(bytes: Uint8Array, from: number, length: number): void {
    if (latest.length === 0 || order(bytes, from, length, latest) > 0) copy(bytes, from, length, latest);
    if (earliest.length === 0 || order(bytes, from, length, earliest) < 0) copy(bytes, from, length, earliest);
    if (opening.length === 0) copy(bytes, from, length, opening);
  }

  function noteUnix(bytes: Uint8Array, { unixSeconds, fractionFrom, fractionTo }: FastCheck, record: number): void {
    const ofDay = unixSeconds % 86_400;
    if (unixSeconds - ofDay !== day) {
      day = unixSeconds - ofDay;
      write(scratch, new Date(day * 1000).toISOString());
    }
    put(scratch.bytes, 11, Math.floor(ofDay / 3600));
    put(scratch.bytes, 14, Math.floor(ofDay / 60) % 60);
    put(scratch.bytes, 17, ofDay % 60);
    let length = WHOLE;
    if (fractionTo > fractionFrom) {
      scratch.bytes[length] = DOT;
      length += 1;
      for (let at = fractionFrom; at < fractionTo; at += 1, length += 1) scratch.bytes[length] = bytes[at] ?? 0;
    }
    note(scratch.bytes, 0, length, record);
  }

  return {
    noteText(instant, record) {
      write(scratch, instant);
      day = Number.NaN;
      note(scratch.bytes, 0, instant.length - 1, record);
    },
    noteFast(bytes, fast, record) {
      if (fast.timeFrom !== -1) note(bytes, fast.timeFrom, fast.timeTo - fast.timeFrom - 1, record);
      else if (fast.unixSeconds !== -1) noteUnix(bytes, fast, record);
    },
    noteRun(run, record) {
      const { bytes, count } = run;
      const length = (index: number) => run.to(index) - run.from(index) - 1;
      let [first, last] = [0, 0];
      for (let index = 0; index < count; index += 1) {
        const seconds = run.seconds(index);
        if (seconds - closingSeconds >= gaps.least()) {
          const from = index === 0 ? (read(closing) ?? '') : instant(bytes, run.from(index - 1), length(index - 1));
          gaps.add({ record: record + index, from, to: instant(bytes, run.from(index), length(index)), seconds: seconds - closingSeconds });
        }
        closingSeconds = seconds;
        if (isBefore(run, last, index)) last = index;
        else if (isBefore(run, index, first)) first = index;
      }
      if (opening.length === 0) copy(bytes, run.from(0), length(0), opening);
      widen(bytes, run.from(first), length(first));
      widen(bytes, run.from(last), length(last));
      copy(bytes, run.from(count - 1), length(count - 1), closing);
    },
    end: () => ({ earliest: read(earliest), latest: read(latest), opening: read(opening), closing: read(closing), gaps: gaps.list() }),
  };
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
  const days = year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_468;
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

function put(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = 0x30 + Math.floor(value / 10);
  bytes[at + 1] = 0x30 + (value % 10);
}

function order(bytes: Uint8Array, from: number, length: number, other: Text): number {
  const common = Math.min(length, other.length);
  for (let at = 0; at < common; at += 1) {
    const difference = (bytes[from + at] ?? 0) - (other.bytes[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return length - other.length;
}
