import type { Given } from '@/lib/verify/page/messages';

/** Chrome's newer way to what was dropped; its older one refuses folders on a page that was opened from a folder. */
type WithHandle = { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

/** The files of a drop, those in folders among them. What was dropped must be taken before the drop's handler returns; what is in it may come later. */
export async function filesOf({ items, files }: DataTransfer): Promise<Given[]> {
  const dropped = [...items].filter(({ kind }) => kind === 'file');
  if (dropped.length === 0) return [...files].map(alone);
  return (await Promise.all(dropped.map(inItem))).flat();
}

/** A file that came without a folder. */
export function alone(file: File): Given {
  return { file, folder: null, path: file.name };
}

/** A file of a folder that was chosen, with its path from there. */
export function inFolder(file: File): Given {
  const [folder = '', ...rest] = file.webkitRelativePath.split('/');
  return rest.length === 0 ? alone(file) : { file, folder, path: rest.join('/') };
}

function inItem(item: DataTransferItem & WithHandle): Promise<Given[]> {
  const entry = item.webkitGetAsEntry();
  const file = item.getAsFile();
  if (!entry?.isDirectory) return Promise.resolve(file ? [alone(file)] : []);
  const handle = item.getAsFileSystemHandle?.();
  return handle ? handle.then((found) => (found ? inHandle(found, null, '') : [])) : inEntry(entry, null);
}

async function inHandle(handle: FileSystemHandle, folder: string | null, path: string): Promise<Given[]> {
  if (handle.kind === 'file') return [{ file: await (handle as FileSystemFileHandle).getFile(), folder, path }]; // kind says so
  const found: Given[] = [];
  // No file, so a folder.
  for await (const inside of (handle as FileSystemDirectoryHandle).values())
    found.push(
      ...(await inHandle(inside, folder ?? handle.name, path === '' ? inside.name : `${path}/${inside.name}`)),
    );
  return found;
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
