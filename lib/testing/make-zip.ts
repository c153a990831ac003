import { crc32, deflateRawSync } from 'node:zlib';

export type ZipEntry = {
  name: string;
  content: Uint8Array;
  /** Unix mode with the kind of file; a plain file when left out. */
  mode?: number;
  encrypted?: boolean;
  /** What the directory claims instead of the truth. */
  claimed?: Partial<{ sizeBytes: number; crc32: number }>;
  /** Takes the packed bytes of the entry at this index for its own. */
  sharedWith?: number;
};

/** A `.zip` of these entries, packed with deflate, whatever they claim. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const write = (part: Buffer) => {
    parts.push(part);
    at += part.length;
  };
  for (const [
    index,
    { name, content, mode = 0o100644, encrypted = false, claimed = {}, sharedWith },
  ] of entries.entries()) {
    const packed = deflateRawSync(content);
    const bytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 + (encrypted ? 1 : 0), 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(claimed.crc32 ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimed.sizeBytes ?? content.length, 18);
    common.writeUInt16LE(bytes.length, 22);
    offsets.push(sharedWith === undefined ? at : (offsets[sharedWith] ?? 0));
    if (sharedWith === undefined)
      for (const part of [Buffer.from('PK\u0003\u0004'), common, bytes, packed]) write(part);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(mode * 0x10000, 6);
    rest.writeUInt32LE(offsets[index] ?? 0, 10);
    // Made on Unix, so that the mode counts.
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, rest, bytes]));
  }
  const from = at;
  for (const entry of directory) write(entry);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(at - from, 8);
  end.writeUInt32LE(from, 12);
  return Buffer.concat([...parts, Buffer.from('PK\u0005\u0006'), end]);
}
