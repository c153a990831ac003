/** By remainder of one byte; reflected polynomial of ISO 3309. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

export function createCrc32(): { update(bytes: Uint8Array): void; digest(): number } {
  let rest = 0xffffffff;
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at += 1) rest = (TABLE[(rest ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (rest >>> 8);
    },
    digest: () => (rest ^ 0xffffffff) >>> 0,
  };
}
