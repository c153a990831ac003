import type { Given } from '@/lib/verifier/messages';

/** The files of a drop, those in folders among them. Entries must be taken before the drop's handler returns; what is in them may come later. */
export async function filesOf({ items, files }: DataTransfer): Promise<Given[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return [...files].map(alone);
  return (await Promise.all(entries.map((entry) => inEntry(entry, null)))).flat();
}

/** A file that came without a folder. */
export function alone(file: File): Given {
  return { file, folder: null, path: file.name };
}

async function inEntry(entry: FileSystemEntry, folder: string | null): Promise<Given[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)); // isFile says so
    return [folder === null ? alone(file) : { file, folder, path: entry.fullPath.replace(`/${folder}/`, '') }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader(); // no file, so a folder
  const found: Given[] = [];
  for (;;) {
    // A reader gives some at a time, and none when it is done.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return found;
    for (const inside of batch) found.push(...(await inEntry(inside, folder ?? entry.name)));
  }
}
