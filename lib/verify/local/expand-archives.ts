import 'server-only';
import path from 'node:path';
import { isLogName } from '../../core/chain/log-name';
import { ARCHIVE_LIMITS } from '../../core/bytes/limits';
import { type Archive, type ArchiveLimits, isArchiveName, openArchive } from '../../archive/archive';
import { AppError } from '../../core/errors';
import { type FoundLog, isWorthNaming, lostFrom } from './find-logs';
import { folderInArchive, folderOf } from './folder';

/** Puts the logs of each archive in its place. What cannot be opened, and an archive inside one, cannot be read. Call `close` when done. */
export async function expandArchives(
  found: readonly FoundLog[],
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<{ found: FoundLog[]; close(): Promise<void> }> {
  const open: Archive[] = [];
  const expanded: FoundLog[] = [];
  for (const log of found) {
    if (log.kind !== 'archive') {
      expanded.push(log);
      continue;
    }
    try {
      const archive = await openArchive(log.file, limits);
      open.push(archive);
      expanded.push(...(await logsOf(log.file, archive)));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expanded.push({ kind: 'unreadable', file: log.file, message: error.message });
    }
  }
  return { found: expanded, close: async () => void (await Promise.all(open.map((archive) => archive.close()))) };
}

async function logsOf(archiveFile: string, archive: Archive): Promise<FoundLog[]> {
  const logs: FoundLog[] = [];
  for (const entry of archive.entries) {
    const file = `${archiveFile}/${entry.path}`;
    const name = path.posix.basename(entry.path);
    const isHidden = entry.path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
    if (isArchiveName(name))
      logs.push({ kind: 'unreadable', file, message: 'is an archive inside an archive, which is not opened' });
    else if (!isLogName(name)) {
      if (!isHidden && isWorthNaming(name)) logs.push({ kind: 'other', file });
    } else if (isHidden) logs.push({ kind: 'hidden', file });
    else
      logs.push({
        kind: 'log',
        file,
        sizeBytes: entry.sizeBytes,
        inArchive: { open: () => entry.open(), folder: folderInArchive(archiveFile, archive, folderOf(entry.path)) },
      });
  }
  for (const folder of new Set(archive.entries.map((entry) => folderOf(entry.path)))) {
    const inside = folderInArchive(archiveFile, archive, folder);
    logs.push(
      ...(await lostFrom(inside, folder === '' ? archiveFile : `${archiveFile}/${folder}`, await inside.names())),
    );
  }
  if (logs.every(({ kind }) => kind === 'other'))
    return [{ kind: 'unreadable', file: archiveFile, message: 'holds no *.jsonl or *.ndjson' }];
  return logs.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}
