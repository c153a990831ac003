import { z } from 'zod';
import { ChainVerdict, Instant, Sha256, page } from './common';

export const Subject = z.object({ name: z.string(), sha256: Sha256 });

export const Attestation = z.object({
  id: z.uuid(),
  chainId: z.uuid(),
  chain: z.string(),
  verdict: ChainVerdict,
  predicateType: z.string(),
  subjects: z.array(Subject),
  /** Inclusive ordinals. */
  firstRecord: z.number().int(),
  lastRecord: z.number().int(),
  records: z.number().int(),
  /** DSSE keyid and bundle hint. */
  keyHint: z.string(),
  signer: z.string(),
  bundleSha256: Sha256,
  signedAt: Instant,
});
export type Attestation = z.infer<typeof Attestation>;

/** One step of checking a bundle. */
export const CheckStep = z.object({
  id: z.enum(['envelope', 'certificate', 'signature', 'timestamp', 'log', 'statement', 'subject', 'chain']),
  title: z.string(),
  ok: z.boolean(),
  /** What was compared with what. */
  detail: z.string(),
});
export type CheckStep = z.infer<typeof CheckStep>;

export const AttestationDetail = Attestation.extend({
  /** The signed statement, parsed. */
  statement: z.unknown(),
  steps: z.array(CheckStep),
  publicKeyPem: z.string(),
});
export type AttestationDetail = z.infer<typeof AttestationDetail>;
export const AttestationPage = page(Attestation);
