import * as z from 'zod';
import { Instant } from './common';

const Count = z.number().int().min(0);

/** How our transparency log stands, and who cosigns it. */
export const LogState = z.object({
  /** Null before anything was signed. */
  verifierKey: z.string().nullable(),
  entries: Count,
  /** Under the newest signed head. */
  published: Count,
  publishedAt: Instant.nullable(),
  witnesses: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      size: Count,
      cosignedAt: Instant.nullable(),
      failure: z.string().nullable(),
      nextTryAt: Instant.nullable(),
    }),
  ),
});
export type LogState = z.infer<typeof LogState>;
