import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

/** Lays the files of a ZIP into a folder, and gives them by path. @throws Error for what is none. */
export async function unzip(zip: Buffer, folder: string): Promise<Map<string, Buffer>> {
  const archive = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(zip, { lazyEntries: true });
  const open = promisify(archive.openReadStream.bind(archive));
  const files = new Map<string, Buffer>();
  const { promise, resolve, reject } = Promise.withResolvers<Map<string, Buffer>>();
  archive.on('error', reject).on('end', () => resolve(files));
  archive.on('entry', (entry: yauzl.Entry) => {
    open(entry)
      .then(buffer)
      .then((bytes) => {
        const file = path.join(folder, entry.fileName);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, bytes);
        files.set(entry.fileName, bytes);
        archive.readEntry();
      })
      .catch(reject);
  });
  archive.readEntry();
  return promise;
}
