/**
 * What rotation adds to a log's name: `x.jsonl.20260815T000010.000000000Z` (AgentFence) and its later namesake `….1`, `x.jsonl.3`,
 * `x.jsonl-20260815`; compressed or not.
 */
const SUFFIX = /^(?:\.(?<time>\d{8}T\d{6}(?:\.\d+)?Z)(?:\.(?<again>\d+))?|\.(?<age>\d{1,4})|[-.](?<date>\d{8}(?:[-_T]?\d{2,6})?))(?<packed>\.(?:gz|zst))?$/;

type Place = { name: string; time: string; again: number; age: number; isPacked: boolean };

/** The files of a folder that were rotated out of the log of this name, oldest first. Of a file and its packed copy the file alone. */
export function rotatedOutOf(log: string, names: readonly string[]): { name: string; isPacked: boolean }[] {
  const places = names.flatMap((name) => placeOf(log, name) ?? []);
  const plain = new Set(places.filter(({ isPacked }) => !isPacked).map(({ name }) => name));
  return places.filter(({ name, isPacked }) => !isPacked || !plain.has(name.replace(/\.(gz|zst)$/, ''))).toSorted(order).map(({ name, isPacked }) => ({ name, isPacked }));
}

function placeOf(log: string, name: string): Place | null {
  if (!name.startsWith(log)) return null;
  const groups = SUFFIX.exec(name.slice(log.length))?.groups;
  if (!groups) return null;
  const { time, again, age, date, packed } = groups;
  return { name, time: time ?? date ?? '', again: Number(again ?? 0), age: Number(age ?? 0), isPacked: packed !== undefined };
}

/** Files named by a time come before numbered ones; of those the larger number is the older file. */
function order(a: Place, b: Place): number {
  if (a.time !== '' && b.time !== '') return a.time < b.time ? -1 : a.time > b.time ? 1 : a.again - b.again;
  if (a.time !== '' || b.time !== '') return a.time !== '' ? -1 : 1;
  return b.age - a.age;
}
