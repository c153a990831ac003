/** The files of a drop, those in folders among them. Entries must be taken before the drop's handler returns; what is in them may come later. */
export function filesOf({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return entries.length > 0 ? Promise.all(entries.map(inEntry)).then((found) => found.flat()) : Promise.resolve([...files]);
}

async function inEntry(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))]; // isFile says so
  const reader = (entry as FileSystemDirectoryEntry).createReader(); // no file, so a folder
  const found: File[] = [];
  for (;;) {
    // A reader gives some at a time, and none when it is done.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return found;
    for (const inside of batch) found.push(...(await inEntry(inside)));
  }
}
