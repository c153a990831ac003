import 'server-only';
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { textOf } from '../../core/bytes/text-encoding';
import { MAX_DOCUMENT_BYTES } from '../../core/bytes/limits';
import type { Archive } from '../../archive/archive';

/** Where a log lies, on disk or in an archive: what else is there. */
export type Folder = {
  /** Names of the files and folders in it. */
  names(): Promise<readonly string[]>;
  /** A file of it as text; null when it is not there or too long to be read whole. */
  text(name: string): Promise<string | null>;
  /** A file of it as it is to be named to people. */
  shown(name: string): string;
  parent(): Folder | null;
};

export function folderOnDisk(folder: string): Folder {
  return {
    names: () => readdir(folder).catch(() => []),
    text: (name) => readText(path.join(folder, name)).catch(() => null),
    shown: (name) => path.join(folder, name),
    parent: () => folderOnDisk(path.join(folder, '..')),
  };
}

/** The folder of an archive; `''` is its top. `archiveFile` is the archive as it was named. */
export function folderInArchive(archiveFile: string, { entries }: Archive, folder: string): Folder {
  const at = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  return {
    names: async () => [
      ...new Set(
        entries
          .filter((entry) => folder === '' || entry.path.startsWith(`${folder}/`))
          .map((entry) => entry.path.slice(at('').length).split('/')[0] ?? ''),
      ),
    ],
    async text(name) {
      const entry = entries.find((candidate) => candidate.path === at(name));
      if (!entry || entry.sizeBytes > MAX_DOCUMENT_BYTES) return null;
      const parts: Uint8Array[] = [];
      for await (const part of entry.open()) parts.push(part);
      return textOf(Buffer.concat(parts));
    },
    shown: (name) => `${archiveFile}/${at(name)}`,
    parent: () =>
      folder === '' ? null : folderInArchive(archiveFile, { entries, close: async () => undefined }, folderOf(folder)),
  };
}

/** `a/b.jsonl` lies in `a`; what lies at the top, in `''`. */
export function folderOf(entryPath: string): string {
  const folder = path.posix.dirname(entryPath);
  return folder === '.' ? '' : folder;
}

async function readText(file: string): Promise<string | null> {
  const stats = await stat(file);
  return stats.isFile() && stats.size <= MAX_DOCUMENT_BYTES ? textOf(await readFile(file)) : null;
}
