import 'server-only';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isArchiveName } from '../../archive/archive';
import { FORMATS } from '../../core/formats';
import { sidecarNamed } from '../../core/sidecars/kinds';
import { isLogName } from '../../core/chain/log-name';
import { unreadable } from './byte-range';
import { type Folder, folderOnDisk } from './folder';

/** Whether a file that is no log is to be named where it is left out: not what says something of a log, a lock, or a key. */
export function isWorthNaming(name: string): boolean {
  return !name.startsWith('.') && !mayBeSidecar(name) && !/\.(lock|pem|pub|key|sha256|md|ya?ml)$/i.test(name);
}

function mayBeSidecar(name: string): boolean {
  return sidecarNamed(name) !== null || /\.(json|bundle)$/i.test(name);
}

export type FoundLog =
  /** `sizeBytes` is null for a pipe, and for standard input, which is `-`. */
  | {
      kind: 'log';
      file: string;
      sizeBytes: number | null;
      /** Set for a log in an archive; `file` is then no path. */
      inArchive?: { open(): AsyncIterable<Uint8Array>; folder: Folder };
    }
  /** Not opened yet. */
  | { kind: 'archive'; file: string; sizeBytes: number }
  /** `message` stands behind the name. */
  | { kind: 'unreadable'; file: string; message: string }
  /** A log or folder whose name begins with a dot, left out. */
  | { kind: 'hidden'; file: string }
  /** A file in a folder whose name is no log's, left out. */
  | { kind: 'other'; file: string }
  /** Something to be said of a file that is checked with others. `message` stands behind the name. */
  | { kind: 'note'; file: string; message: string };

/** Files as they are named, and every log and archive in the folders and in those below, sorted by name. Follows symbolic links, each folder once. */
export async function findLogs(names: readonly string[]): Promise<FoundLog[]> {
  const found: FoundLog[] = [];
  const entered = new Set<string>();

  async function visit(file: string, isNamed: boolean): Promise<void> {
    try {
      const stats = file === '-' && isNamed ? null : await stat(file);
      const ofLogs = stats?.isFile() ? sidecarNamed(path.basename(file)) : null;
      if (ofLogs?.speaksOf === 'logs-below')
        found.push({
          kind: 'unreadable',
          file,
          message: `is ${ofLogs.format.label}’s ${ofLogs.label}: name its folder, and it is checked with them`,
        });
      else if (stats?.isFile() && isArchiveName(file)) found.push({ kind: 'archive', file, sizeBytes: stats.size });
      else if (!stats?.isDirectory()) found.push({ kind: 'log', file, sizeBytes: stats?.isFile() ? stats.size : null });
      else await enter(file, `${stats.dev}:${stats.ino}`, isNamed);
    } catch (error) {
      found.push({ kind: 'unreadable', file, message: unreadable(error).message });
    }
  }

  async function enter(folder: string, identity: string, isNamed: boolean): Promise<void> {
    if (entered.has(identity)) return;
    entered.add(identity);
    const before = found.filter(({ kind }) => kind !== 'other').length;
    const entries = await sorted(folder);
    for (const entry of entries) await visitEntry(folder, entry);
    found.push(
      ...(await lostFrom(
        folderOnDisk(folder),
        folder,
        entries.map(({ name }) => name),
      )),
    );
    if (isNamed && found.filter(({ kind }) => kind !== 'other').length === before)
      found.push({ kind: 'unreadable', file: folder, message: 'holds no *.jsonl or *.ndjson' });
  }

  async function visitEntry(folder: string, entry: Dirent): Promise<void> {
    const file = path.join(folder, entry.name);
    const isLog = isLogName(entry.name) || isArchiveName(entry.name);
    if (entry.name.startsWith('.')) {
      if (isLog || entry.isDirectory()) found.push({ kind: 'hidden', file });
    } else if (
      entry.isDirectory() ||
      (isLog && (entry.isFile() || entry.isSymbolicLink())) ||
      (entry.isSymbolicLink() && (await isFolder(file)))
    )
      await visit(file, false);
    else if (entry.isFile() && isWorthNaming(entry.name)) found.push({ kind: 'other', file });
  }

  for (const name of names) await visit(name, true);
  return found;
}

async function sorted(folder: string): Promise<Dirent[]> {
  return (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What files of tools say was in a folder and is not. `names` are those of the files in it, `folderFile` is the folder as it was named. */
export async function lostFrom(folder: Folder, folderFile: string, names: readonly string[]): Promise<FoundLog[]> {
  const found: FoundLog[] = [];
  for (const lost of FORMATS.flatMap(({ sidecars }) => sidecars?.lost ?? [])) {
    const [logs, log] = [await textIn(lost.logs.file), names.some(isLogName) ? null : await textIn(lost.log.file)];
    const ofLogs = logs === null ? null : lost.logs.words(logs, new Set(await folder.names()));
    const ofLog = log === null ? null : lost.log.words(log);
    if (ofLogs !== null) found.push({ kind: 'note', file: folder.shown(lost.logs.file), message: ofLogs });
    if (ofLog !== null) found.push({ kind: 'unreadable', file: folderFile, message: ofLog });
  }
  return found;

  async function textIn(name: string): Promise<string | null> {
    return names.includes(name) ? folder.text(name) : null;
  }
}

/** A link to nowhere whose name is no log's is nothing to us. */
async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
