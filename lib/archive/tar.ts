import 'server-only';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { type Header, extract } from 'tar-stream';
import { compressionOf } from '../core/bytes/file-kind';
import { AppError } from '../core/errors';
import type { Archive, ArchiveEntry, ArchiveLimits } from './archive';
import { decode } from './decode';
import { type EntryList, createEntryList, refused } from './entry-list';
import { createForwardReader } from './forward-reader';

/** A block of zeros ends an archive. */
const BLOCK_BYTES = 512;
const CHUNK_BYTES = 256 * 1024;

/** See `openArchive`. A packed archive is unpacked once to look at it, and again to read it; nothing is kept. */
export async function openTar(
  file: string,
  packedBytes: number,
  head: Buffer,
  limits: ArchiveLimits,
): Promise<Archive> {
  const list = createEntryList(packedBytes, limits);
  const isPacked = compressionOf(head) !== null;
  const raw = (from: number) => createReadStream(file, { start: from, highWaterMark: CHUNK_BYTES });
  const unpacked = async function* () {
    yield* (await decode(raw(0))).plain;
  };
  const reader = createForwardReader(isPacked ? unpacked : null, raw);
  const found = await listEntries(isPacked ? unpacked() : raw(0), list);
  const entries = found.map(
    ({ path, sizeBytes, byteOffset }): ArchiveEntry => ({
      path,
      sizeBytes,
      open: () => reader.read(byteOffset, byteOffset + sizeBytes),
    }),
  );
  return { entries, close: () => reader.close() };
}

type Found = { path: string; sizeBytes: number; byteOffset: number };
/** `byteOffset` of the entry's first byte is given, though its types do not say so. */
type EntryHeader = Header & { byteOffset?: number };

async function listEntries(bytes: AsyncIterable<Uint8Array>, list: EntryList): Promise<Found[]> {
  const entries: Found[] = [];
  let failure: unknown = null;
  let atByte = 0;
  let zeros = 0;
  const watched = async function* () {
    try {
      for await (const chunk of bytes) {
        list.unpacked((atByte += chunk.length));
        const lastNonZero = chunk.findLastIndex((byte) => byte !== 0);
        zeros = lastNonZero === -1 ? zeros + chunk.length : chunk.length - 1 - lastNonZero;
        yield chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  // Archives older than the mark of the format are read too: its checksum tells a header from anything else. The option's types lack it.
  const tar = extract({ allowUnknownFormat: true } as Parameters<typeof extract>[0]);
  // Whatever goes wrong destroys the reader of the archive, and so reaches the loop below.
  pipeline(watched, tar, () => undefined);
  try {
    for await (const entry of tar) {
      const found = entryOf(entry.header, list);
      if (found) entries.push(found);
      entry.resume();
    }
  } catch (error) {
    throw damaged(failure ?? error);
  }
  if (zeros < BLOCK_BYTES) throw damaged(new Error('it has no end mark'));
  return entries;
}

/** Null for what holds no bytes of its own: folders. */
function entryOf({ name, type, size = 0, byteOffset, pax }: EntryHeader, list: EntryList): Found | null {
  if (type === 'directory') return null;
  if (type === 'symlink' || type === 'link') throw refused(name, 'is a link');
  if ((type !== 'file' && type !== 'contiguous-file') || byteOffset === undefined) throw refused(name, 'is no file');
  if (pax && Object.keys(pax).some((key) => key.startsWith('GNU.sparse')))
    throw refused(name, 'is stored with holes, which is not read here');
  return { path: list.add(name, size), sizeBytes: size, byteOffset };
}

function damaged(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError(
    'UNREADABLE_BODY',
    `is damaged, cut off or no archive: ${error instanceof Error ? error.message : String(error)}`,
    {},
    { cause: error },
  );
}
