/** How bytes are compressed, told by the first four of them; null when they are not, by what is undone here. */
export function compressionOf(head: Uint8Array): 'gzip' | 'zstd' | null {
  const [a = 0, b = 0, c = 0, d = 0] = head;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (head.length < 4) return null;
  // A frame of zstd, or one to be skipped, which may come first (RFC 8878 sections 3.1.1 and 3.1.2).
  const isFrame = a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd;
  const isSkippable = (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18;
  return isFrame || isSkippable ? 'zstd' : null;
}
