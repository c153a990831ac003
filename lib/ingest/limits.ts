/** A segment is cut after the first newline at or past this size … */
export const SEGMENT_TARGET_BYTES = 48 * 1024 * 1024;
/** … and a line is at most this long, so that no segment passes 64 MiB. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Plain bytes of one upload. */
export const MAX_UPLOAD_BYTES = 1024 ** 4;
/** Bytes from the start an upload's format is recognised in. */
export const RECOGNITION_BYTES = 256 * 1024;
/** Bytes read to place an upload by its records while the sender waits: two segments of each side and then some. */
export const MAX_COMPARED_BYTES = 256 * 1024 * 1024;

/** Packed bytes of an archive. */
export const MAX_ARCHIVE_BYTES = 16 * 1024 ** 3;
/** What an archive may hold: files, plain bytes in all and of one file, plain bytes for one packed. */
export const ARCHIVE_LIMITS = { entries: 10_000, plainBytes: 64 * 1024 ** 3, ratio: 200 } as const;
export const MAX_ENTRY_BYTES = 16 * 1024 ** 3;
/** A file beside a log is read whole. */
export const MAX_SIDECAR_BYTES = 64 * 1024 * 1024;
