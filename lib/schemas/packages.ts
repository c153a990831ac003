import * as z from 'zod';
import {
  AFTER_FROM,
  Instant,
  Millisecond,
  PageQuery,
  Sha256,
  SignedVerdict,
  SomeChains,
  isInOrder,
  page,
  sortBy,
} from './common';

/** What an evidence package is of. */
export const PackageOf = z.discriminatedUnion('kind', [
  /** One attestation, with the bytes it speaks of. */
  z.object({ kind: z.literal('attestation'), attestationId: z.uuid() }),
  /** A chain as it was last attested. */
  z.object({ kind: z.literal('chain'), chainId: z.uuid() }),
  /** Everything recorded in a half-open period, which is attested for it. */
  z
    .object({ kind: z.literal('period'), from: Millisecond, to: Millisecond, chainIds: SomeChains })
    .refine(isInOrder, AFTER_FROM),
]);
export type PackageOf = z.infer<typeof PackageOf>;

export const PackageState = z.enum(['waiting', 'done', 'failed']);
export type PackageState = z.infer<typeof PackageState>;

/** A file of a package: bytes in evidence under their digest. */
export const PackageEntry = z.object({ path: z.string(), digest: Sha256, sizeBytes: z.number().int() });
export type PackageEntry = z.infer<typeof PackageEntry>;

export const EvidencePackage = z.object({
  id: z.uuid(),
  of: PackageOf,
  state: PackageState,
  /** Why it is not there yet, or cannot be made. */
  failure: z.string().nullable(),
  requestedBy: z.string(),
  requestedAt: Instant,
  /** Null until it is made. */
  madeAt: Instant.nullable(),
  fileName: z.string(),
  files: z.number().int(),
  /** Of all files, before they are packed. */
  bytes: z.number().int(),
  manifestSha256: Sha256.nullable(),
  verdict: SignedVerdict.nullable(),
  /** Files of it are gone or altered: it cannot be handed out. */
  damaged: z.boolean(),
  /** Records in it were deleted after their retention had ended: it cannot be handed out any more. */
  deleted: z.boolean(),
  chains: z.array(z.string()),
});
export type EvidencePackage = z.infer<typeof EvidencePackage>;
export const PackageSort = sortBy(['requested', 'verdict', 'files']);
export type PackageSort = z.infer<typeof PackageSort>;
export const PackagesQuery = PageQuery.extend({
  /** `-requested` where it is left out; `verdict` has the worst first. */
  sort: PackageSort.optional(),
});
export const EvidencePackagePage = page(EvidencePackage);
export const NewPackage = z.object({ of: PackageOf });
