/** A file and the path it is to have in an archive, `/` between its parts. */
export type Packed = { path: string; file: File };

const BLOCK = 512;
const encoder = new TextEncoder();

/** An archive packed here. The same files give the same bytes, so that what was begun can be gone on with. */
export class Tar extends File {
  constructor(
    parts: BlobPart[],
    name: string,
    readonly packed: 'folder' | 'files',
    /** Other for other files, as far as can be told without reading them. */
    readonly stamp: string,
  ) {
    super(parts, name);
  }
}

/** An uncompressed archive (POSIX pax) of the files, put together from them without reading one. */
export function tarOf(name: string, files: readonly Packed[], packed: Tar['packed']): Tar {
  const parts: BlobPart[] = [];
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, file } of sorted) {
    const header = paxRecord('path', path);
    parts.push(headerOf('PaxHeaders/x', header.length, 'x'), header, padding(header.length));
    parts.push(headerOf('x', file.size, '0'), file, padding(file.size));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Tar(parts, name, packed, digestOf(sorted.map(({ path, file }) => [path, file.size, file.lastModified])));
}

/** FNV-1a of 64 bits, in hex: tells lists of files apart, proves nothing. */
function digestOf(value: unknown): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of encoder.encode(JSON.stringify(value)))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array<ArrayBuffer> {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return encoder.encode(`${length} ${key}=${value}\n`);
}

function headerOf(name: string, size: number, type: string): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(BLOCK);
  const write = (text: string, at: number) => header.set(encoder.encode(text), at);
  write(name, 0);
  write('0000600\0', 100);
  write('0000000\0', 108);
  write('0000000\0', 116);
  if (size < 8 ** 11) write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else writeLarge(header, size);
  write('00000000000\0', 136);
  write('        ', 148);
  write(type, 156);
  write('ustar\0', 257);
  write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Base 256, as GNU tar writes sizes from 8 GiB on. */
function writeLarge(header: Uint8Array, size: number): void {
  header[124] = 0x80;
  for (let at = 135, rest = size; at > 124 && rest > 0; at -= 1, rest = Math.floor(rest / 256)) header[at] = rest % 256;
}

function padding(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}
