import * as z from 'zod';
import { Instant } from './common';
import { SigningKey } from './settings';

/** By what this installation's signatures are to be checked. Public. */
export const TrustInfo = z.object({
  /** Where it is reached. */
  url: z.string(),
  signer: z.object({ name: z.string(), keyHint: z.string().nullable(), algorithm: z.string() }).nullable(),
  /** Newest first; retired ones still verify what they signed. */
  keys: z.array(SigningKey),
  /** Whether there is a trusted root for certificates, timestamps and logs, to be had at /api/v1/trust/trusted_root.json. */
  hasTrustedRoot: z.boolean(),
  /** Null until something was signed. */
  log: z
    .object({
      origin: z.string(),
      verifierKey: z.string(),
      /** Entries the published checkpoint covers, and those that wait to be published. */
      size: z.number().int(),
      waiting: z.number().int(),
      checkpoint: z.string().nullable(),
      signedAt: Instant.nullable(),
      witnesses: z.array(
        z.object({
          name: z.string(),
          url: z.string(),
          size: z.number().int(),
          cosignedAt: Instant.nullable(),
          failure: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
});
export type TrustInfo = z.infer<typeof TrustInfo>;
