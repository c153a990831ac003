import type { FastCheck } from './fast-check';

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

/** The earliest and the latest of times. */
export type TimeRange = { noteText(instant: string): void; noteFast(bytes: Uint8Array, record: FastCheck): void; first(): string | null; last(): string | null };

export function createTimeRange(): TimeRange {
  const [first, last, scratch]: Text[] = [text(), text(), text()];
  let day = Number.NaN;

  function note(bytes: Uint8Array, from: number, length: number): void {
    if (!first || !last) return;
    if (last.length === 0 || order(bytes, from, length, last) > 0) copy(bytes, from, length, last);
    if (first.length === 0 || order(bytes, from, length, first) < 0) copy(bytes, from, length, first);
  }

  function noteUnix(bytes: Uint8Array, { unixSeconds, fractionFrom, fractionTo }: FastCheck): void {
    if (!scratch) return;
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
    note(scratch.bytes, 0, length);
  }

  return {
    noteText(instant) {
      const given = text();
      write(given, instant);
      note(given.bytes, 0, instant.length - 1);
    },
    noteFast(bytes, record) {
      if (record.timeFrom === -1) {
        if (record.unixSeconds !== -1) noteUnix(bytes, record);
      } else note(bytes, record.timeFrom, record.timeTo - record.timeFrom - 1);
    },
    first: () => (first ? read(first) : null),
    last: () => (last ? read(last) : null),
  };
}

function text(): Text {
  return { bytes: new Uint8Array(32), length: 0 };
}

function write({ bytes }: Text, from: string): void {
  for (let at = 0; at < from.length && at < bytes.length; at += 1) bytes[at] = from.charCodeAt(at);
}

function read({ bytes, length }: Text): string | null {
  return length === 0 ? null : `${String.fromCharCode(...bytes.subarray(0, length))}Z`;
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
