const WRITTEN = /^(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?)?)?Z?$/;
const US_PER_S = 1_000_000;

/**
 * A time as searches write it, UTC, to any part of it: `2026-05` is the month, `2026-05-11T08` the hour. What it stands for as RFC 3339,
 * half-open, to the microsecond. Null for what is no time of the years 1970 to 2261.
 */
export function parseInstant(text: string): { from: string; to: string } | null {
  const read = WRITTEN.exec(text);
  if (!read) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = read
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const beginMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const begin = new Date(beginMs);
  const isReal =
    year >= 1970 &&
    year <= 2261 &&
    begin.getUTCMonth() === month - 1 &&
    begin.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isReal) return null;
  const fraction = read[7];
  const fromUs = fraction === undefined ? 0 : Number(fraction.padEnd(6, '0'));
  if (fraction !== undefined)
    return { from: written(beginMs, fromUs), to: written(beginMs, fromUs + 10 ** (6 - fraction.length)) };
  const parts = read.slice(1, 7).filter((part) => part !== undefined).length;
  const end = [
    () => Date.UTC(year + 1, 0),
    () => Date.UTC(year, month),
    () => Date.UTC(year, month - 1, day + 1),
    () => beginMs + 3_600_000,
    () => beginMs + 60_000,
    () => beginMs + 1_000,
  ][parts - 1];
  return { from: written(beginMs, 0), to: written(end?.() ?? beginMs, 0) };
}

function written(ms: number, us: number): string {
  const at = new Date(ms + (us >= US_PER_S ? 1_000 : 0)).toISOString().slice(0, 19);
  return `${at}.${String(us % US_PER_S).padStart(6, '0')}Z`;
}
