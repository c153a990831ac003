import { type Packed, tarOf } from './tar';

/**
 * What to send for files chosen together: each by itself, but those that only make sense together as one archive: a rotated log, or a log
 * and what lies beside it. What the formats say of names is loaded once it is asked for.
 */
export async function sendable(files: readonly File[]): Promise<File[]> {
  const [{ groupRotated }, { isSidecarName }] = await Promise.all([
    import('@/lib/core/chain/rotation'),
    import('@/lib/core/sidecars/recognise-sidecar'),
  ]);
  const sets = groupRotated(files.map((of) => ({ file: of.name, of }))).filter((set) => set.files.length > 1);
  const parts = files.some(({ name }) => isSidecarName(name))
    ? files
    : sets.flatMap((set) => set.files.map(({ of }) => of));
  if (parts.length < 2) return [...files];
  const alone = files.filter((file) => !parts.includes(file));
  return [
    ...alone,
    tarOf(
      `${await nameOf(parts)}.tar`,
      parts.map((file) => ({ path: file.name, file })),
      'files',
    ),
  ];
}

/** A session is known by its id, other files by the first of them. */
async function nameOf(files: readonly File[]): Promise<string> {
  const session = await files.find(({ name }) => name.toLowerCase() === 'session.json')?.text();
  const id = session && /"session_id"\s*:\s*"([\w-]{1,64})"/.exec(session)?.[1];
  const [first] = files.map(({ name }) => name).toSorted(); // in whatever order they were chosen
  return id || `${first ?? 'files'} and ${files.length - 1} more`;
}

/** What to send for things that were dropped: files as above, each folder as one archive of all that is in it. */
export async function gatherDropped(items: readonly FileSystemEntry[]): Promise<File[]> {
  const files: File[] = [];
  const folders: File[] = [];
  for (const item of items) {
    if (item.isFile)
      files.push(await fileOf(item as FileSystemFileEntry)); // isFile says so
    else folders.push(tarOf(`${item.name}.tar`, await filesIn(item as FileSystemDirectoryEntry, item.name), 'folder')); // isDirectory, then
  }
  return [...(await sendable(files)), ...folders];
}

/** What to send for a folder that was chosen: its files name their paths from that folder on. */
export function gatherFolder(files: readonly File[]): File[] {
  const [first] = files;
  if (!first) return [];
  return [
    tarOf(
      `${first.webkitRelativePath.split('/')[0] ?? 'folder'}.tar`,
      files.map((file) => ({ path: file.webkitRelativePath, file })),
      'folder',
    ),
  ];
}

async function filesIn(folder: FileSystemDirectoryEntry, path: string): Promise<Packed[]> {
  const reader = folder.createReader();
  const found: Packed[] = [];
  for (;;) {
    // A reader gives some at a time, and none when it is done.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return found;
    for (const entry of batch) {
      const at = `${path}/${entry.name}`;
      if (entry.isFile)
        found.push({ path: at, file: await fileOf(entry as FileSystemFileEntry) }); // isFile says so
      else found.push(...(await filesIn(entry as FileSystemDirectoryEntry, at))); // isDirectory, then
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
