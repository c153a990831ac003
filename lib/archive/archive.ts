import 'server-only';
import { open, stat } from 'node:fs/promises';
import { fileKindOf } from '../core/bytes/file-kind';
import { AppError } from '../core/errors';

/** What an archive may hold before it is refused. */
export type ArchiveLimits = {
  entries: number;
  /** Bytes of all entries together, unpacked. */
  plainBytes: number;
  /** Unpacked bytes for one packed byte, looked at from 16 MiB unpacked on. */
  ratio: number;
};

export type ArchiveEntry = {
  /** Relative, with `/` between its parts; leads nowhere out of the archive. No two entries have the same. */
  path: string;
  sizeBytes: number;
  /** Its bytes from the start each time. Throws AppError UNREADABLE_BODY when they are damaged or another number than `sizeBytes`. */
  open(): AsyncIterable<Uint8Array>;
};

export type Archive = {
  /** Its files, in its own order; folders are left out. Reading them in this order is quickest. */
  entries: readonly ArchiveEntry[];
  close(): Promise<void>;
};

/** Names of archives that are opened. */
const ARCHIVE_NAME = /\.(zip|tar|tgz|tar\.(gz|zst))$/i;

export function isArchiveName(name: string): boolean {
  return ARCHIVE_NAME.test(name);
}

/** The name of an archive without what names say of archives; whole when nothing would be left. */
export function withoutArchiveEnding(name: string): string {
  return name.replace(ARCHIVE_NAME, '') || name;
}

/**
 * Opens a `.zip`, `.tar`, `.tar.gz` or `.tar.zst`, told by its first bytes, and looks at every entry's name, kind and size before it gives
 * any. Messages stand behind the archive's name. @throws AppError TOO_LARGE past a limit; UNREADABLE_BODY for what is damaged, cut off or
 * encrypted, for links and devices, and for names that lead out of the archive or come twice.
 */
export async function openArchive(file: string, limits: ArchiveLimits): Promise<Archive> {
  const { sizeBytes, head } = await firstBytes(file);
  // What reads them is loaded when there is one: most commands see none, and should answer at once.
  if (fileKindOf(head) === 'zip') return (await import('./zip')).openZip(file, sizeBytes, limits);
  return (await import('./tar')).openTar(file, sizeBytes, head, limits);
}

async function firstBytes(file: string): Promise<{ sizeBytes: number; head: Buffer }> {
  try {
    const { size: sizeBytes } = await stat(file);
    await using handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return { sizeBytes, head: buffer.subarray(0, bytesRead) };
  } catch (error) {
    throw new AppError(
      'UNREADABLE_BODY',
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      {},
      { cause: error },
    );
  }
}
