import 'server-only';
import { crc32 } from 'node:zlib';
import { type Entry, type ZipFile, getFileNameLowLevel, openPromise } from 'yauzl';
import { AppError } from '../core/errors';
import type { Archive, ArchiveEntry, ArchiveLimits } from './archive';
import { createEntryList, refused } from './entry-list';

const LINK = 0o120000;
const FILE = 0o100000;
const KIND = 0o170000;

/** See `openArchive`. */
export async function openZip(file: string, packedBytes: number, limits: ArchiveLimits): Promise<Archive> {
  const zip = await openPromise(file, { autoClose: false, decodeStrings: false }).catch((error: unknown) => {
    throw damaged(error);
  });
  try {
    return { entries: await listEntries(zip, packedBytes, limits), close: async () => zip.close() };
  } catch (error) {
    zip.close();
    throw error instanceof AppError ? error : damaged(error);
  }
}

async function listEntries(zip: ZipFile, packedBytes: number, limits: ArchiveLimits): Promise<ArchiveEntry[]> {
  const list = createEntryList(packedBytes, limits);
  const entries: ArchiveEntry[] = [];
  let claimedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    // Names are decoded here, as they are checked here.
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
    const kind = (entry.externalFileAttributes >>> 16) & KIND;
    if (kind === LINK) throw refused(name, 'is a link');
    if (name.endsWith('/')) continue;
    if (kind !== 0 && kind !== FILE) throw refused(name, 'is no file');
    if (entry.isEncrypted()) throw refused(name, 'is encrypted');
    if (!entry.canDecodeFileData())
      throw refused(name, `is packed by method ${entry.compressionMethod}, which is not read here`);
    claimedBytes += entry.compressedSize;
    if (claimedBytes > packedBytes) throw refused(name, 'overlaps another');
    const path = list.add(name, entry.uncompressedSize);
    entries.push({ path, sizeBytes: entry.uncompressedSize, open: () => unpack(zip, entry) });
  }
  return entries;
}

async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let checksum = 0;
  try {
    // It fails by itself when there are more or fewer bytes than the entry says.
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      const bytes: Uint8Array = chunk;
      checksum = crc32(bytes, checksum);
      yield bytes;
    }
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error);
  }
  if (checksum !== entry.crc32) throw damaged(new Error('the checksum of an entry is another'));
}

function damaged(error: unknown): AppError {
  return new AppError(
    'UNREADABLE_BODY',
    `is damaged, cut off or no archive: ${error instanceof Error ? error.message : String(error)}`,
    {},
    { cause: error },
  );
}
