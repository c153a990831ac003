import * as z from 'zod';
import { SidecarReceipt } from './sidecars';
import { FormatId, Instant, PageQuery, Sha256, page, sortBy } from './common';

/**
 * How an upload relates to what was held of its chain. `forks`: both follow from the same record and hash correctly. `rewrites`: another
 * history from the first record that differs on. `replaces`: the two cannot be compared by their records.
 */
export const UploadRelation = z.enum([
  'new',
  'identical',
  'extends',
  'continues',
  'shorter',
  'forks',
  'rewrites',
  'replaces',
]);
export type UploadRelation = z.infer<typeof UploadRelation>;

export const UploadReceipt = z.object({
  uploadId: z.uuid(),
  chainId: z.uuid(),
  chain: z.string(),
  format: FormatId,
  /** Of the plain bytes, after decompression. */
  sha256: Sha256,
  bytes: z.number().int(),
  /** Lines that are not blank. */
  records: z.number().int(),
  segments: z.number().int(),
  /** Of them, those stored before whose bytes had been altered: what was sent took their place. */
  replacedSegments: z.number().int(),
  relation: UploadRelation,
  /** 0-based ordinal of the first record that is another one than before, when the upload forks or rewrites. */
  forkedAt: z.number().int().nullable(),
  /** Of the bytes as sent, when they were compressed. */
  receivedEncoding: z
    .object({ encoding: z.enum(['gzip', 'zstd']), sha256: Sha256, bytes: z.number().int() })
    .nullable(),
});
export type UploadReceipt = z.infer<typeof UploadReceipt>;

/** What became of a file that was sent with POST: of an archive each log, each sidecar file, and what was left out. */
export const ArchiveReceipt = z.object({
  /** Null when the file was no archive but a log. */
  archive: z.object({ sha256: Sha256, bytes: z.number().int() }).nullable(),
  /** `paths`: the files of the log in the archive, oldest first. */
  uploads: z.array(UploadReceipt.extend({ paths: z.array(z.string()) })),
  sidecars: z.array(SidecarReceipt.extend({ path: z.string() })),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
});
export type ArchiveReceipt = z.infer<typeof ArchiveReceipt>;

/** Progress of an archive: how many of its logs are stored, and how many are on record. */
export const ArchiveProgress = z.object({ logs: z.number().int(), stored: z.number().int(), named: z.number().int() });
export type ArchiveProgress = z.infer<typeof ArchiveProgress>;
/** What a sender calls a file of its own, to ask how far it is. */
export const ProgressId = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits');

/** An upload, and how it related to its chain when it came. Newest first in lists. */
export const Upload = z.object({
  id: z.uuid(),
  fileName: z.string(),
  sha256: Sha256,
  bytes: z.number().int(),
  records: z.number().int(),
  relation: UploadRelation,
  forkedAt: z.number().int().nullable(),
  /** The archive it came in, and its paths there in order; null when it came by itself. */
  archive: z.object({ sha256: Sha256, fileName: z.string(), paths: z.array(z.string()) }).nullable(),
  receivedBy: z.string(),
  receivedAt: Instant,
});
export type Upload = z.infer<typeof Upload>;
export const UploadSort = sortBy(['received', 'file', 'records', 'size']);
export type UploadSort = z.infer<typeof UploadSort>;
export const UploadsQuery = PageQuery.extend({
  /** `-received` where it is left out. */
  sort: UploadSort.optional(),
});
export const UploadPage = page(Upload);
