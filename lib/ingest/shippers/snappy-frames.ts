import { uncompress } from 'snappyjs';

const MAX_CHUNK_BYTES = 65_536;
const [COMPRESSED, UNCOMPRESSED, FIRST_SKIPPABLE] = [0x00, 0x01, 0x80] as const;

/** Undoes the framing format of snappy (google/snappy framing_format.txt, 2013-10-25). @throws RangeError past `maxBytes`, Error for damage. */
export function unsnappedFrames(bytes: Buffer, maxBytes: number): Buffer {
  const parts: Buffer[] = [];
  let plainBytes = 0;
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new Error(`a chunk is cut off at byte ${at}`);
    const [kind, size, from] = [bytes[at] ?? 0, bytes.readUIntLE(at + 1, 3), at + 4];
    at = from + size;
    if (at > bytes.length) throw new Error(`a chunk is cut off at byte ${bytes.length}`);
    if (kind >= FIRST_SKIPPABLE) continue; // padding, the identifier again, what is reserved
    if (kind !== COMPRESSED && kind !== UNCOMPRESSED)
      throw new Error(`chunk type ${kind} at byte ${from - 4} is none that may be passed over`);
    if (size < 4) throw new Error(`a chunk at byte ${from - 4} has no room for its checksum`);
    const content = bytes.subarray(from + 4, at);
    const part = kind === COMPRESSED ? Buffer.from(uncompress(content, MAX_CHUNK_BYTES)) : content;
    if (masked(crc32c(part)) !== bytes.readUInt32LE(from))
      throw new Error(`the checksum of the chunk at byte ${from - 4} does not hold`);
    plainBytes += part.length;
    if (plainBytes > maxBytes) throw new RangeError('too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli). */
function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function masked(checksum: number): number {
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}
