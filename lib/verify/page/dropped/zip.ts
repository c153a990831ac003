import { ZIP_SIGNATURES } from '../../../core/bytes/file-kind';
import { createCrc32 } from './crc32';
import { inflated } from './plain';
import { type Source, bytesOf } from './source';
import { figure } from '../../../core/text/words';

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const LOCAL_BYTES = 30;
const ENTRY_BYTES = 46;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x1;

const MAX_ENTRIES = 50_000;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;

type Entry = { path: string; method: number; crc: number; packedBytes: number; sizeBytes: number; at: number };

/** The files in a ZIP, APPNOTE 6.3.10 with Zip64. Only its directory is read. @throws Error that says what is wrong with it. */
export async function zipEntries(zip: Blob, name: string): Promise<Source[]> {
  const directory = await findDirectory(zip);
  if (directory.sizeBytes > MAX_DIRECTORY_BYTES || directory.count > MAX_ENTRIES)
    throw new Error(`It holds more than ${figure(MAX_ENTRIES)} files.`);
  const view = await viewOf(zip, directory.at, directory.at + directory.sizeBytes);
  const entries: Entry[] = [];
  for (let at = 0; at < view.byteLength; ) {
    const [entry, next] = readEntry(view, at);
    if (entries.some(({ path }) => path === entry.path)) throw new Error(`It holds ${entry.path} twice.`);
    entries.push(entry);
    at = next;
  }
  if (entries.length !== directory.count)
    throw new Error(`Its directory lists ${entries.length} files where ${directory.count} are due.`);
  return entries
    .filter(({ path }) => !path.endsWith('/'))
    .map((entry) => ({ name: entry.path, from: name, sizeBytes: entry.sizeBytes, open: () => contentOf(zip, entry) }));
}

async function findDirectory(zip: Blob): Promise<{ at: number; sizeBytes: number; count: number }> {
  // A comment of at most 65,535 bytes may follow the end record.
  const from = Math.max(0, zip.size - END_BYTES - 0xffff);
  const view = await viewOf(zip, from, zip.size);
  for (let at = view.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (
      view.getUint32(at, true) !== ZIP_SIGNATURES.end ||
      at + END_BYTES + view.getUint16(at + 20, true) !== view.byteLength
    )
      continue;
    const found = {
      count: view.getUint16(at + 10, true),
      sizeBytes: view.getUint32(at + 12, true),
      at: view.getUint32(at + 16, true),
    };
    const isLarge = found.count === 0xffff || found.sizeBytes === 0xffffffff || found.at === 0xffffffff;
    return isLarge ? await findLarge(zip, from + at - LOCATOR_BYTES) : found;
  }
  throw new Error('Its end is missing: it was cut off, or is no ZIP.');
}

async function findLarge(zip: Blob, locatorAt: number): Promise<{ at: number; sizeBytes: number; count: number }> {
  const locator = await viewOf(zip, locatorAt, locatorAt + LOCATOR_BYTES);
  const end =
    locator.getUint32(0, true) === ZIP_SIGNATURES.locator64
      ? await viewOf(zip, large(locator, 8), large(locator, 8) + 56)
      : null;
  if (end?.getUint32(0, true) !== ZIP_SIGNATURES.end64) throw new Error('Its Zip64 end is missing.');
  return { count: large(end, 32), sizeBytes: large(end, 40), at: large(end, 48) };
}

function readEntry(view: DataView, at: number): [Entry, next: number] {
  if (at + ENTRY_BYTES > view.byteLength || view.getUint32(at, true) !== ZIP_SIGNATURES.directory)
    throw new Error('Its directory cannot be read.');
  const [nameBytes, extraBytes, commentBytes] = [
    view.getUint16(at + 28, true),
    view.getUint16(at + 30, true),
    view.getUint16(at + 32, true),
  ];
  const next = at + ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
  if (next > view.byteLength) throw new Error('Its directory is cut off.');
  const path = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + ENTRY_BYTES, nameBytes));
  if (view.getUint16(at + 8, true) & ENCRYPTED) throw new Error(`${path} is encrypted.`);
  const entry: Entry = {
    path,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    sizeBytes: view.getUint32(at + 24, true),
    at: view.getUint32(at + 42, true),
  };
  if (entry.method !== STORED && entry.method !== DEFLATED)
    throw new Error(`${path} is packed in a way not known here (${entry.method}).`);
  return [
    withLargeSizes(entry, new DataView(view.buffer, view.byteOffset + at + ENTRY_BYTES + nameBytes, extraBytes)),
    next,
  ];
}

/** Sizes and places past 4 GiB stand in an extra field, in this order, each only when its own field is full. */
function withLargeSizes(entry: Entry, extra: DataView): Entry {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 0x0001) continue;
    let field = at + 4;
    const read = (value: number) => {
      if (value !== 0xffffffff) return value;
      field += 8;
      return large(extra, field - 8);
    };
    const sizeBytes = read(entry.sizeBytes);
    const packedBytes = read(entry.packedBytes);
    return { ...entry, sizeBytes, packedBytes, at: read(entry.at) };
  }
  return entry;
}

function large(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('A size in it is no size.');
  return Number(value);
}

async function* contentOf(
  zip: Blob,
  { path, method, crc, packedBytes, sizeBytes, at }: Entry,
): AsyncGenerator<Uint8Array> {
  const local = await viewOf(zip, at, at + LOCAL_BYTES);
  if (local.getUint32(0, true) !== ZIP_SIGNATURES.entry) throw new Error(`${path} is not where the directory says.`);
  const from = at + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  if (from + packedBytes > zip.size) throw new Error(`${path} is cut off.`);
  const packed = bytesOf(zip, from, from + packedBytes);
  const sum = createCrc32();
  let length = 0;
  for await (const chunk of method === STORED ? packed : inflated(packed, 'deflate-raw', `${path} is damaged.`)) {
    length += chunk.length;
    if (length > sizeBytes) break;
    sum.update(chunk);
    yield chunk;
  }
  if (length !== sizeBytes || sum.digest() !== crc) throw new Error(`${path} is damaged: it is not what was packed.`);
}

async function viewOf(zip: Blob, from: number, to: number): Promise<DataView> {
  if (from < 0 || to > zip.size) throw new Error('It is cut off.');
  return new DataView(await zip.slice(from, to).arrayBuffer());
}
