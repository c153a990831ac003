/** A segment is cut after the first newline at or past this size … */
export const SEGMENT_TARGET_BYTES = 48 * 1024 * 1024;
/** … and no line taken for a record is longer than this, so that no segment passes 64 MiB. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** The first bytes of a log, and the lines of them, that its format is recognised by. */
export const RECOGNITION_BYTES = 256 * 1024;
export const RECOGNITION_LINES = 64;

/** What is no log is read whole: a sidecar file, a bundle, a key. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Plain bytes of one upload. */
export const MAX_UPLOAD_BYTES = 1024 ** 4;
/** Bytes read to place an upload by its records while the sender waits: two segments of each side and then some. */
export const MAX_COMPARED_BYTES = 256 * 1024 * 1024;

/** Packed bytes of an archive. */
export const MAX_ARCHIVE_BYTES = 16 * 1024 ** 3;
/** What an archive may hold: files, plain bytes in all and of one file, plain bytes for one packed. */
export const ARCHIVE_LIMITS = { entries: 10_000, plainBytes: 64 * 1024 ** 3, ratio: 200 } as const;
export const MAX_ARCHIVED_FILE_BYTES = 16 * 1024 ** 3;
/** What unpacks to less than this does no harm, whatever the ratio: highly regular logs pack well. */
export const RATIO_FROM_BYTES = 16 * 1024 * 1024;
