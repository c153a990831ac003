import * as z from 'zod';
import { ChainScope, PeriodScope } from './attestation-requests';
import { Instant, PageQuery, Sha256, SignedVerdict, page, sortBy } from './common';

const Subject = z.object({ name: z.string(), sha256: Sha256 });

export const Attestation = z.object({
  id: z.uuid(),
  /** Null when it covers several chains. */
  chainId: z.uuid().nullable(),
  chain: z.string().nullable(),
  scope: z.union([ChainScope, PeriodScope]),
  /** As it was signed. */
  verdict: SignedVerdict,
  /** Stored bytes it covers, or its own, are missing or altered: what it says cannot be checked against them now. */
  damaged: z.boolean(),
  predicateType: z.string(),
  subjects: z.array(Subject),
  /** Inclusive ordinals; 0 when it covers several chains. */
  firstRecord: z.number().int(),
  lastRecord: z.number().int(),
  records: z.number().int(),
  /** DSSE keyid and bundle hint; null when it was signed with a certificate. */
  keyHint: z.string().nullable(),
  signer: z.string(),
  /** Whom the certificate names; null for a key. */
  signedBy: z.string().nullable(),
  bundleSha256: Sha256,
  signedAt: Instant,
  requestedBy: z.string(),
  /** The chain's Merkle tree when it was attested; null for several chains, and for what was attested before there were trees. */
  tree: z.object({ size: z.number().int(), rootHash: Sha256 }).nullable(),
  withdrawn: z.object({ at: Instant, by: z.string(), reason: z.string() }).nullable(),
  /** The attestation that took its place. */
  supersededBy: z.uuid().nullable(),
});
export type Attestation = z.infer<typeof Attestation>;

export const AttestationSort = sortBy(['signed', 'chain', 'verdict', 'records']);
export type AttestationSort = z.infer<typeof AttestationSort>;
export const AttestationsQuery = PageQuery.extend({
  /** `-signed` where it is left out; `verdict` has the worst first. */
  sort: AttestationSort.optional(),
});
export const AttestationPage = page(Attestation);
