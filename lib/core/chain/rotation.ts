/** `x.jsonl`, or what rotation makes of it: `x.jsonl.20260815T000010.000000000Z`, its later namesake `….1`, or `x.jsonl.3`; compressed or not. */
const NAME = /^(?<log>.*\.(?:jsonl|ndjson))(?:\.(?<time>\d{8}T\d{6}(?:\.\d+)?Z)(?:\.(?<again>\d+))?|\.(?<age>\d+))?(?<packed>\.(?:gz|zst))?$/i;

type Rotated = { log: string; time: string; again: number; /** Of numbered files the larger is the older; the log itself is the youngest. */ age: number; packed: boolean };

/**
 * Puts the files of each rotated log together, oldest first, each set where its first file stood. `log` is the name of the log while it is
 * written. A second file for the same place in a set, as a packed copy is, stays by itself.
 */
export function groupRotated<T extends { file: string }>(files: readonly T[]): { log: string; files: T[] }[] {
  const sets = new Map<string, { log: string; members: { file: T; as: Rotated }[] }>();
  for (const file of files) {
    const as = rotatedOf(file.file);
    const isTaken = sets.get(as.log)?.members.some((member) => order(member.as, as) === 0) ?? false;
    const key = isTaken ? `${file.file}\0${sets.size}` : as.log;
    const set = sets.get(key) ?? { log: as.log, members: [] };
    set.members.push({ file, as });
    sets.set(key, set);
  }
  return [...sets.values()].map(({ log, members }) => {
    const inOrder = members.toSorted((a, b) => order(a.as, b.as)).map(({ file }) => file);
    const [only] = inOrder;
    return { log: only && inOrder.length === 1 ? only.file : log, files: inOrder };
  });
}

function rotatedOf(file: string): Rotated {
  const { log = file, time, again, age, packed } = NAME.exec(file)?.groups ?? {};
  const isCurrent = time === undefined && age === undefined;
  return { log, time: time ?? '', again: Number(again ?? 0), age: isCurrent ? -1 : Number(age ?? 0), packed: packed !== undefined };
}

/** Files named by the time of their rotation come before numbered ones, and these before the log itself. */
function order(a: Rotated, b: Rotated): number {
  if (a.time !== '' && b.time !== '') return a.time < b.time ? -1 : a.time > b.time ? 1 : a.again - b.again;
  if (a.time !== '' || b.time !== '') return a.time !== '' ? -1 : 1;
  return b.age - a.age;
}
