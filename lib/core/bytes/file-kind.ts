/** What bytes begin that hold other bytes. */
export type FileKind = 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'zip' | 'tar';

/** Bytes from the start that a kind is told by: a name may lie, bytes do not. */
export const KIND_BYTES = 512;

/** Signatures of a ZIP's parts (APPNOTE 6.3.10 section 4.3), as little-endian numbers. */
export const ZIP_SIGNATURES = {
  entry: 0x04034b50,
  directory: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  split: 0x08074b50,
  notSplit: 0x30304b50,
} as const;
/** A ZIP begins with an entry, its end when it holds none, or what says that it was to be split. */
const ZIP_BEGINNINGS: readonly number[] = [
  ZIP_SIGNATURES.entry,
  ZIP_SIGNATURES.end,
  ZIP_SIGNATURES.split,
  ZIP_SIGNATURES.notSplit,
];
/** Of the header of each entry of a tar, from byte 257 on. */
export const TAR_MARK = 'ustar';
const TEXTS = [
  [0, 'BZh', 'bzip2'],
  [0, '\u00fd7zXZ', 'xz'],
  [257, TAR_MARK, 'tar'],
] as const;
const SNAPPY_STREAM = '\u00ff\u0006\u0000\u0000sNaPpY';

/** Null for what is none of them, as plain text is. */
export function fileKindOf(head: Uint8Array): FileKind | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (zstdFrameOf(head)) return 'zstd';
  if (ZIP_BEGINNINGS.includes(firstWord(head))) return 'zip';
  return TEXTS.find(([at, text]) => hasText(head, at, text))?.[2] ?? null;
}

/** How bytes are compressed, when it is a way that is undone wherever there is Node; the first four of them are enough. */
export function compressionOf(head: Uint8Array): 'gzip' | 'zstd' | null {
  const kind = fileKindOf(head);
  return kind === 'gzip' || kind === 'zstd' ? kind : null;
}

export function isArchive(head: Uint8Array): boolean {
  const kind = fileKindOf(head);
  return kind === 'zip' || kind === 'tar';
}

/** Whether a frame of zstd begins, or one to be skipped, which may come first (RFC 8878 sections 3.1.1 and 3.1.2). */
export function zstdFrameOf(head: Uint8Array): 'frame' | 'skippable' | null {
  const word = firstWord(head);
  if (word === 0xfd2fb528) return 'frame';
  return (word & 0xfffffff0) === 0x184d2a50 ? 'skippable' : null;
}

/** A header of zlib (RFC 1950 section 2.2), which deflate may stand behind or not. */
export function isZlib(head: Uint8Array): boolean {
  const [a = 0, b = 0] = head;
  return head.length >= 2 && (a & 0x0f) === 8 && (a * 256 + b) % 31 === 0;
}

/** The framing format of snappy (google/snappy framing_format.txt, 2013-10-25). */
export function isSnappyFramed(head: Uint8Array): boolean {
  return hasText(head, 0, SNAPPY_STREAM);
}

/** The first four bytes, little-endian; -1 when there are fewer. */
function firstWord([a, b, c, d]: Uint8Array): number {
  return a === undefined || b === undefined || c === undefined || d === undefined
    ? -1
    : (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  return (
    bytes.length >= at + text.length &&
    [...text].every((character, index) => bytes[at + index] === character.charCodeAt(0))
  );
}
