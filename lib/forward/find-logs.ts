import { glob, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isWrittenLogName } from '../core/chain/log-name';
import { copyOf, groupRotated } from '../core/chain/rotation';
import { absent, statOf } from './log-files';

const WILDCARD = /[*?[\]{}]/;

/** `root`: the folder that was named, or that of a pattern or file. */
export type Source = { log: string; root: string };

/**
 * The logs that names lead to, rotated files left to their log, copies that were repaired or put aside as damaged left out beside it: a file, there or not yet; every `*.jsonl` and `*.ndjson` in a folder and
 * those below, names that begin with a dot left out; what matches a pattern of Node's `fs.glob`.
 */
export async function findLogs(names: readonly string[]): Promise<Source[]> {
  const found = new Map<string, string>();
  const add = (log: string, root: string) => found.has(log) || found.set(log, root);
  for (const name of names) {
    const full = path.resolve(name);
    const stats = await statOf(full);
    if (stats?.isDirectory()) for (const log of await logsIn(full)) add(log, full);
    else if (stats || !WILDCARD.test(name)) add(full, path.dirname(full));
    else for (const { log, root } of await matches(name)) add(log, root);
  }
  return [...found].map(([log, root]) => ({ log, root }));
}

async function matches(pattern: string): Promise<Source[]> {
  const root = fixedPart(path.resolve(pattern));
  const sources: Source[] = [];
  const files: string[] = [];
  for await (const match of glob(pattern)) {
    const full = path.resolve(match);
    const stats = await statOf(full);
    if (stats?.isDirectory()) sources.push(...(await logsIn(full)).map((log) => ({ log, root })));
    else if (stats?.isFile()) files.push(full);
  }
  return [...sources, ...withoutRotated(files).map((log) => ({ log, root }))].toSorted((a, b) =>
    a.log < b.log ? -1 : 1,
  );
}

async function logsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(absent([]));
  const below: string[] = [];
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) below.push(...(await logsIn(full)));
    else if (isWrittenLogName(entry.name) && (entry.isFile() || (await statOf(full))?.isFile())) files.push(full);
  }
  return [...withoutRotated(files), ...below].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Logs, without what was rotated out of them and without repaired or quarantined copies beside them. */
function withoutRotated(files: readonly string[]): string[] {
  const there = new Set(files);
  return groupRotated(files.map((file) => ({ file })))
    .map(({ log }) => log)
    .filter((log) => copyOf(log, (original) => there.has(original)) === null);
}

/** The folders of a pattern before the first wildcard. */
function fixedPart(pattern: string): string {
  const parts = pattern.split(path.sep);
  const first = parts.findIndex((part) => WILDCARD.test(part));
  return parts.slice(0, first === -1 ? -1 : first).join(path.sep) || path.sep;
}
