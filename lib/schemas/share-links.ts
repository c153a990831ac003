import * as z from 'zod';
import { Instant } from './common';
import { ShownName } from './settings';

export const MAX_SHARE_DAYS = 90;
export const DEFAULT_SHARE_DAYS = 7;

/** The one thing a link opens. */
export const Shared = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('report-run'), id: z.uuid() }),
  z.object({ kind: z.literal('package'), id: z.uuid() }),
]);
export type Shared = z.infer<typeof Shared>;
export const SharedQuery = z.object({
  kind: z.enum(['report-run', 'package']).meta({ examples: ['package'] }),
  id: z.uuid().meta({ examples: ['01970000-0000-7000-8000-000000000000'] }),
});

export const NewShareLink = z.object({
  of: Shared,
  expiresInDays: z.number().int().min(1).max(MAX_SHARE_DAYS).default(DEFAULT_SHARE_DAYS),
  /** Whom it is for. */
  note: ShownName.nullable().default(null),
});

export const ShareLink = z.object({
  id: z.uuid(),
  of: Shared,
  note: z.string().nullable(),
  createdBy: z.string(),
  createdAt: Instant,
  /** Opens nothing from then on. */
  expiresAt: Instant,
  revokedAt: Instant.nullable(),
  revokedBy: z.string().nullable(),
  /** How often its page was opened, and files of it were downloaded. */
  opens: z.number().int(),
  downloads: z.number().int(),
  lastUsedAt: Instant.nullable(),
});
export type ShareLink = z.infer<typeof ShareLink>;
export const ShareLinkList = z.object({ items: z.array(ShareLink) });
export const CreatedShareLink = ShareLink.extend({ /** Shown this once. */ url: z.url() });
export type CreatedShareLink = z.infer<typeof CreatedShareLink>;
