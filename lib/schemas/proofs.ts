import * as z from 'zod';
import { Sha256 } from './common';

const Head = z.object({ size: z.number().int().min(0), rootHash: Sha256 });

/** That one head of a chain's tree is the beginning of another, RFC 6962 section 2.1.2. */
export const ConsistencyProof = z.object({
  mediaType: z.literal('application/vnd.sealtrail.consistency-proof.v1+json'),
  from: Head,
  to: Head,
  /** Base64. */
  hashes: z.array(z.string()),
  /** The larger head as a signed note when it was signed. */
  checkpoint: z.string().nullable(),
});
export type ConsistencyProof = z.infer<typeof ConsistencyProof>;
