import path from 'node:path';
import { isArchiveName } from '../archive/archive';

/** A log in an archive: the chain it belongs to and its files there, oldest first. */
export type PlannedLog = { chain: string; fileName: string; folder: string; paths: string[] };
export type ArchivePlan = {
  logs: PlannedLog[];
  /** Small files that may say something of a log beside them; what they are is told by their content. */
  beside: string[];
  skipped: { path: string; reason: string }[];
};

const JUNK = /(^|\/)(__MACOSX\/|\.DS_Store$|\._|Thumbs\.db$|ledger\.lock$)/i;
const BESIDE = /(\.json|\.bundle|(^|\/)ledger\.ndjson)$/i;
/** The log in the folder of a nono session. */
const NONO_LOG = 'audit-events.ndjson';
/** `x.jsonl.20260815T000010.000000000Z`, with `.1` after it when two were put aside at once; `x.jsonl.1`; packed or not. */
const TIMED = /^(?<base>.+)\.(?<time>\d{8}T\d{6}(\.\d+)?Z)(\.(?<number>\d{1,6}))?(\.(gz|zst))?$/;
const NUMBERED = /^(?<base>.+)\.(?<number>\d{1,6})(\.(gz|zst))?$/;

/**
 * Which files of an archive belong together, told by their paths. A file put aside by rotation joins the log it was put aside of; the log of
 * a nono session is known by its folder. `chain` names the chain of the only log, or goes before the names of several.
 */
export function planArchive(paths: readonly string[], { archiveName, chain }: { archiveName: string; chain: string | null }): ArchivePlan {
  const skipped: ArchivePlan['skipped'] = [];
  const beside: string[] = [];
  const files: string[] = [];
  for (const name of paths) {
    if (JUNK.test(name)) skipped.push({ path: name, reason: 'it is no log' });
    else if (isArchiveName(name)) skipped.push({ path: name, reason: 'an archive inside an archive is not opened' });
    else if (mayStandBeside(name)) beside.push(name);
    else files.push(name);
  }
  const rotated = rotationsOf(files);
  const sets = [...Map.groupBy(files, (name) => baseOf(name, rotated))].flatMap(([base, members]) => apart(base, members.toSorted(byAge)));
  const logs = sets.map(([base, members]): PlannedLog => {
    const folder = folderOf(base);
    const isSession = path.posix.basename(base) === NONO_LOG;
    return { chain: isSession ? folder || withoutEnding(archiveName) : base, fileName: path.posix.basename(base), folder, paths: members };
  });
  const chains = Map.groupBy(logs, (log) => log.chain);
  const twice = new Set([...chains].filter(([, sharing]) => sharing.length > 1).map(([name]) => name));
  for (const log of logs) {
    const own = twice.has(log.chain) ? path.posix.join(log.folder, log.fileName) : log.chain;
    log.chain = chain === null ? own : logs.length === 1 ? chain : `${chain}/${own}`;
  }
  return { logs, beside, skipped };
}

/** Whether a file bears a name that files beside a log bear. */
export function mayStandBeside(name: string): boolean {
  return BESIDE.test(name);
}

export function folderOf(name: string): string {
  const folder = path.posix.dirname(name);
  return folder === '.' ? '' : folder;
}

function withoutEnding(archiveName: string): string {
  return archiveName.replace(/\.(zip|tgz|tar(\.(gz|zst))?)$/i, '') || archiveName;
}

/** The names there are, and how many of them bear a time or a number behind the name of a log. Each name is looked at once. */
type Rotations = { names: ReadonlySet<string>; timed: ReadonlyMap<string, number>; numbered: ReadonlyMap<string, number> };

function rotationsOf(names: readonly string[]): Rotations {
  const timed = new Map<string, number>();
  const numbered = new Map<string, number>();
  for (const name of names) {
    const [byTime, byNumber] = [TIMED.exec(name)?.groups?.['base'], NUMBERED.exec(name)?.groups?.['base']];
    if (byTime) timed.set(byTime, (timed.get(byTime) ?? 0) + 1);
    if (byNumber) numbered.set(byNumber, (numbered.get(byNumber) ?? 0) + 1);
  }
  return { names: new Set(names), timed, numbered };
}

/** The log a file was put aside of by rotation; itself when it was not. A number alone is no proof: the log or another number must be there. */
function baseOf(name: string, { names, timed, numbered }: Rotations): string {
  const byTime = TIMED.exec(name)?.groups?.['base'];
  if (byTime) return byTime;
  const byNumber = NUMBERED.exec(name)?.groups?.['base'];
  if (byNumber && (names.has(byNumber) || (numbered.get(byNumber) ?? 0) > 1 || timed.has(byNumber))) return byNumber;
  const unpacked = name.replace(/\.(gz|zst)$/, '');
  return timed.has(unpacked) ? unpacked : name;
}

/** A set, and by itself every second file for the same place in it, as a packed copy beside a plain file is. */
function apart(base: string, members: readonly string[]): [base: string, members: string[]][] {
  const isFirst = (name: string, index: number) => index === 0 || byAge(members[index - 1] ?? '', name) !== 0;
  return [[base, members.filter(isFirst)], ...members.filter((name, index) => !isFirst(name, index)).map((name): [string, string[]] => [name, [name]])];
}

/** Oldest first: by the time in the name, numbers after a time upwards, numbers alone downwards, the log itself last. */
function byAge(a: string, b: string): number {
  const [left, right] = [ageOf(a), ageOf(b)];
  return left.time < right.time ? -1 : left.time > right.time ? 1 : left.number - right.number;
}

function ageOf(name: string): { time: string; number: number } {
  const timed = TIMED.exec(name)?.groups;
  if (timed) return { time: timed['time'] ?? '', number: Number(timed['number'] ?? 0) };
  const numbered = NUMBERED.exec(name)?.groups;
  // Numbers alone are older than any log without one; `~` orders behind every digit.
  return numbered ? { time: '~', number: -Number(numbered['number']) } : { time: '~~', number: 0 };
}
