import { type Packed, tarOf } from './tar';

/** Files that only make sense together: a rotated log, or the log of a session and what lies beside it. */
const PUT_ASIDE = /^(.+)\.(\d{8}T\d{6}(\.\d+)?Z(\.\d+)?|\d{1,6})(\.(gz|zst))?$/;
const BESIDE = /^(session\.json|ledger\.ndjson|proofs\.json|audit-attestation\.bundle|.*anchor[^/]*\.json)$/i;

/** What to send for files chosen together: each by itself, but those that belong together as one archive. */
export async function sendable(files: readonly File[]): Promise<File[]> {
  const isPart = ({ name }: File) => BESIDE.test(name) || files.some((other) => other.name !== name && (PUT_ASIDE.exec(other.name)?.[1] === name || PUT_ASIDE.exec(name)?.[1] === other.name));
  const parts = files.some(({ name }) => BESIDE.test(name)) ? files : files.filter(isPart);
  if (parts.length < 2) return [...files];
  const alone = files.filter((file) => !parts.includes(file));
  return [...alone, tarOf(`${await nameOf(parts)}.tar`, parts.map((file) => ({ path: file.name, file })), 'files')];
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
    if (item.isFile) files.push(await fileOf(item as FileSystemFileEntry)); // isFile says so
    else folders.push(tarOf(`${item.name}.tar`, await filesIn(item as FileSystemDirectoryEntry, item.name), 'folder')); // isDirectory, then
  }
  return [...(await sendable(files)), ...folders];
}

/** What to send for a folder that was chosen: its files name their paths from that folder on. */
export function gatherFolder(files: readonly File[]): File[] {
  const [first] = files;
  if (!first) return [];
  return [tarOf(`${first.webkitRelativePath.split('/')[0] ?? 'folder'}.tar`, files.map((file) => ({ path: file.webkitRelativePath, file })), 'folder')];
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
      if (entry.isFile) found.push({ path: at, file: await fileOf(entry as FileSystemFileEntry) }); // isFile says so
      else found.push(...(await filesIn(entry as FileSystemDirectoryEntry, at))); // isDirectory, then
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
