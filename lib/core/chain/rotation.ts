import { FORMATS } from '../formats';
import type { ChainFormat } from './format';

/** What rotation makes of a log's name, as logrotate, AgentFence, Go's lumberjack and Python's handlers do: docs/forwarder.md lists the names. */

/** Seconds since 1970, or a date, with a time of day or not: `20260601`, `2026060112`, `20260601T120000.5Z`, `2026-06-01T12-30-00.000`. */
const TIME = String.raw`(?<time>(?:20|19)\d{2}(?:-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01]))(?:(?:[T_]?\d{2}(?:[-:]?\d{2}){0,2}|-\d{2}(?:[-:]?\d{2}){1,2})(?:\.\d{3,9}|\.\d{1,9}(?=Z))?Z?)?|1\d{9})`;
/** Two that were put aside at one time are told apart by a number behind it. */
const TIMED = String.raw`[-._]${TIME}(?:[-.](?<again>\d{1,6}))?`;
const NUMBERED = String.raw`\.(?<age>\d{1,6})`;
const PACKED = String.raw`(?<packed>\.(?:gz|zst))?`;
/** An ending of a file's name begins with a letter. */
const ENDING = String.raw`(?<ending>\.[A-Za-z][A-Za-z0-9]{0,11})`;

const BEHIND = new RegExp(`(?:${TIMED}|${NUMBERED})${PACKED}$`);
const BEFORE_ENDING = new RegExp(`(?:${TIMED}|${NUMBERED})${ENDING}${PACKED}$`);
const PACKED_NAME = /\.(?:gz|zst)$/;
const HAS_ENDING = new RegExp(`${ENDING}$`);
/** Marks that only a writer puts there: nobody names a log so by hand. */
const WRITERS_MARKS = FORMATS.flatMap(({ rotatedMark }: ChainFormat) => (rotatedMark ? [rotatedMark] : []));

const COPY = new RegExp(
  String.raw`^(?<stem>.+?)[-._](?:repaired|quarantined?|corrupt(?:ed)?|damaged|bak|backup|copy)(?:[-._][\dTZ.:_-]{1,40})?${ENDING}$`,
  'i',
);

type Place = {
  /** Its time in digits, coarse ones first; empty for a numbered file and the log itself. */
  time: string;
  again: number;
  /** Of numbered files the larger is the older; the log itself is the youngest. */
  age: number;
  isPacked: boolean;
};
/** `proof`: what must be there for the file to be one of the log, as a number or a date alone is part of many a name. */
type Reading = Place & { log: string; proof: 'name' | 'log-or-sibling' | 'log' };

type RotatedFile = { name: string; isPacked: boolean };

/** The log that a file was put aside of, when its name alone tells. */
export function logNamed(file: string): string | null {
  const [first] = readingsOf(file);
  return first?.proof === 'name' ? first.log : null;
}

/** The log beside which a file is a copy that was repaired, put aside as damaged, or kept before either: `x.repaired.jsonl`, `x-quarantined-20260601.jsonl`. */
export function copyOf(file: string, isThere: (log: string) => boolean): string | null {
  const { stem, ending } = COPY.exec(file)?.groups ?? {};
  if (stem === undefined || ending === undefined) return null;
  return [stem + ending, stem].find(isThere) ?? null;
}

/** What a file would be called while it was written, if its name is one that rotation gives to what it puts aside: `x.jsonl-20260601` and `x-20260601.jsonl` were `x.jsonl`. */
export function logsPossible(file: string): string[] {
  return readingsOf(file).map(({ log }) => log);
}

/** The files of a folder that were rotated out of the log of this name, oldest first. Of a file and its packed copy the file alone. */
export function rotatedOutOf(log: string, names: readonly string[]): RotatedFile[] {
  const stem = log.replace(HAS_ENDING, '');
  const places = names.flatMap((name) => {
    if (!name.startsWith(stem)) return [];
    const reading = readingsOf(name).find((each) => each.log === log);
    return reading ? [{ name, ...reading }] : [];
  });
  const plain = new Set(places.filter(({ isPacked }) => !isPacked).map(({ name }) => name));
  return places
    .filter(({ name, isPacked }) => !isPacked || !plain.has(name.replace(PACKED_NAME, '')))
    .toSorted(order)
    .map(({ name, isPacked }) => ({ name, isPacked }));
}

/**
 * Puts the files of each rotated log together, oldest first, each set where its first file stood. `log` is the name of the log while it is
 * written; of a set of one, the file's own. A file joins a log by its name when that is proof, or when the log or another file put aside of
 * it is there, too; one that bears its mark before the ending (`x-20260601.jsonl`) when the log is. A second file for the same place in a
 * set, as a packed copy is, stays by itself. Each name is read once.
 */
export function groupRotated<T extends { file: string }>(files: readonly T[]): { log: string; files: T[] }[] {
  const read = files.map((file, index) => ({ file, index, readings: readingsOf(file.file) }));
  const present = new Set(files.flatMap(({ file }) => [file, file.replace(PACKED_NAME, '')]));
  const siblings = new Map<string, number>();
  for (const { readings } of read)
    for (const { log, proof } of readings) if (proof !== 'log') siblings.set(log, (siblings.get(log) ?? 0) + 1);

  const sets = new Map<string, { file: T; index: number; as: Place }[]>();
  for (const { file, index, readings } of read) {
    const as =
      readings.find(
        ({ log, proof }) =>
          proof === 'name' || present.has(log) || (proof === 'log-or-sibling' && (siblings.get(log) ?? 0) > 1),
      ) ?? itself(file.file);
    const set = sets.get(as.log) ?? [];
    set.push({ file, index, as });
    sets.set(as.log, set);
  }
  return [...sets]
    .flatMap(([log, members]) => apart(log, members))
    .toSorted((a, b) => a.index - b.index)
    .map(({ log: name, files: inOrder }) => ({ log: name, files: inOrder }));
}

function apart<T extends { file: string }>(
  log: string,
  members: readonly { file: T; index: number; as: Place }[],
): { log: string; files: T[]; index: number }[] {
  const inOrder = members.toSorted((a, b) => order(a.as, b.as) || Number(a.as.isPacked) - Number(b.as.isPacked));
  const isFirst = (index: number) =>
    index === 0 || order(inOrder[index - 1]?.as ?? itself(''), inOrder[index]?.as ?? itself('')) !== 0;
  const set = inOrder.filter((_, index) => isFirst(index));
  const alone = inOrder.filter((_, index) => !isFirst(index));
  const [only] = set;
  const name = only && set.length === 1 ? only.file.file : log;
  return [
    { log: name, files: set.map(({ file }) => file), index: indexOfFirst(set) },
    ...alone.map(({ file, index }) => ({ log: file.file, files: [file], index })),
  ];
}

function indexOfFirst(members: readonly { index: number }[]): number {
  return members.reduce((first, { index }) => Math.min(first, index), Number.POSITIVE_INFINITY);
}

/** The ways to read a name as one of a rotated file, the likeliest first. */
function readingsOf(file: string): Reading[] {
  const readings: Reading[] = [];
  const behind = BEHIND.exec(file);
  if (behind && isNamed(file, behind.index)) {
    const log = file.slice(0, behind.index);
    const { time, age } = behind.groups ?? {};
    const proof =
      time !== undefined && file[behind.index] === '.' && WRITERS_MARKS.some((mark) => mark.test(time))
        ? 'name'
        : age !== undefined || HAS_ENDING.test(log)
          ? 'log-or-sibling'
          : 'log';
    readings.push({ log, proof, ...placeOf(behind.groups) });
  }
  const before = BEFORE_ENDING.exec(file);
  if (before && isNamed(file, before.index))
    readings.push({
      log: file.slice(0, before.index) + (before.groups?.['ending'] ?? ''),
      proof: 'log',
      ...placeOf(before.groups),
    });
  return readings;
}

/** Whether a file's own name begins before its mark. */
function isNamed(file: string, markAt: number): boolean {
  return markAt > 0 && file[markAt - 1] !== '/';
}

function placeOf({ time, again, age, packed }: Record<string, string | undefined> = {}): Place {
  return {
    time: time === undefined ? '' : digitsOf(time),
    again: Number(again ?? 0),
    age: Number(age ?? 0),
    isPacked: packed !== undefined,
  };
}

function digitsOf(time: string): string {
  return (time.length === 10 && time.startsWith('1') ? new Date(Number(time) * 1000).toISOString() : time).replaceAll(
    /\D/g,
    '',
  );
}

function itself(file: string): Place & { log: string } {
  return { log: file.replace(PACKED_NAME, ''), time: '', again: 0, age: -1, isPacked: PACKED_NAME.test(file) };
}

/** Files named by the time of their rotation come before numbered ones, and these before the log itself. */
function order(a: Place, b: Place): number {
  if (a.time !== '' && b.time !== '') return a.time < b.time ? -1 : a.time > b.time ? 1 : a.again - b.again;
  if (a.time !== '' || b.time !== '') return a.time !== '' ? -1 : 1;
  return b.age - a.age;
}
