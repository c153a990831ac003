import path from 'node:path';
import { isArchiveName, withoutArchiveEnding } from '../archive/archive';
import { FORMATS } from '../core/formats';
import { sidecarNamed } from '../core/sidecars/kinds';
import { groupRotated, logNamed } from '../core/chain/rotation';

/** A log in an archive: the chain it belongs to and its files there, oldest first. */
export type PlannedLog = { chain: string; fileName: string; folder: string; paths: string[] };
export type ArchivePlan = {
  logs: PlannedLog[];
  /** Small files that may say something of a log beside them; what they are is told by their content. */
  sidecarFiles: string[];
  skipped: { path: string; reason: string }[];
};

const JUNK = /(^|\/)(__MACOSX\/|\.DS_Store$|\._|Thumbs\.db$|ledger\.lock$)/i;
const BESIDE = /(\.json|\.bundle)$/i;
/**
 * Which files of an archive belong together, told by their paths. A file put aside by rotation joins the log it was put aside of; the log of
 * a tool that names all its logs alike is known by its folder. `chain` names the chain of the only log, or goes before the names of several.
 */
export function planArchive(
  paths: readonly string[],
  { archiveName, chain }: { archiveName: string; chain: string | null },
): ArchivePlan {
  const skipped: ArchivePlan['skipped'] = [];
  const sidecarFiles: string[] = [];
  const files: string[] = [];
  for (const name of paths) {
    if (JUNK.test(name)) skipped.push({ path: name, reason: 'it is no log' });
    else if (isArchiveName(name)) skipped.push({ path: name, reason: 'an archive inside an archive is not opened' });
    else if (mayBeSidecar(name)) sidecarFiles.push(name);
    else files.push(name);
  }
  const logs = groupRotated(files.map((file) => ({ file }))).map(({ log, files: members }): PlannedLog => {
    const base = members.length > 1 ? log : (logNamed(log) ?? log);
    const folder = folderOf(base);
    const isSession = FORMATS.some(({ logName }) => logName === path.posix.basename(base));
    return {
      chain: isSession ? folder || withoutArchiveEnding(archiveName) : base,
      fileName: path.posix.basename(base),
      folder,
      paths: members.map(({ file }) => file),
    };
  });
  const chains = Map.groupBy(logs, (log) => log.chain);
  const twice = new Set([...chains].filter(([, sharing]) => sharing.length > 1).map(([name]) => name));
  for (const log of logs) {
    const own = twice.has(log.chain) ? path.posix.join(log.folder, log.fileName) : log.chain;
    log.chain = chain === null ? own : logs.length === 1 ? chain : `${chain}/${own}`;
  }
  return { logs, sidecarFiles, skipped };
}

/** Whether a file bears a name that sidecar files have. */
export function mayBeSidecar(name: string): boolean {
  return BESIDE.test(name) || sidecarNamed(path.posix.basename(name)) !== null;
}

export function folderOf(name: string): string {
  const folder = path.posix.dirname(name);
  return folder === '.' ? '' : folder;
}
