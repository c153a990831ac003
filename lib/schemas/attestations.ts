import { z } from 'zod';
import { ChainScope, PeriodScope } from './attestation-requests';
import { Instant, Sha256, SignedVerdict, page } from './common';

export const Subject = z.object({ name: z.string(), sha256: Sha256 });

export const Attestation = z.object({
  id: z.uuid(),
  /** Null when it covers several chains. */
  chainId: z.uuid().nullable(),
  chain: z.string().nullable(),
  scope: z.union([ChainScope, PeriodScope]),
  /** As it was signed. */
  verdict: SignedVerdict,
  /** Stored bytes it speaks of, or its own, are gone or altered: what it says cannot be checked against them now. */
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

/** One step of checking a bundle. */
export const CheckStep = z.object({
  id: z.enum(['envelope', 'certificate', 'signature', 'timestamp', 'log', 'statement', 'subject', 'chain']),
  title: z.string(),
  ok: z.boolean(),
  /** What was compared with what. */
  detail: z.string(),
});
export type CheckStep = z.infer<typeof CheckStep>;

export const AttestationBundle = z.object({
  n: z.number().int(),
  predicateType: z.string(),
  /** As people call the predicate. */
  label: z.string(),
  sha256: Sha256,
  bytes: z.number().int(),
  holds: z.boolean(),
  /** What it says, in words, or the step that fails. */
  detail: z.string(),
  /** A statement that names files its result is not about, as those on part of a chain once did: it is not handed on. */
  namesTooMuch: z.boolean(),
  /** Place in our transparency log; null until it is published. */
  logIndex: z.number().int().nullable(),
});
export type AttestationBundle = z.infer<typeof AttestationBundle>;

export const AttestationDetail = Attestation.extend({
  /** The signed statement, parsed; null when the signature does not hold. */
  statement: z.unknown(),
  steps: z.array(CheckStep),
  /** Every bundle of the attestation, the first of which is ours. */
  bundles: z.array(AttestationBundle),
  chains: z.array(z.object({ chainId: z.uuid(), chain: z.string(), verdict: SignedVerdict, damaged: z.boolean(), firstRecord: z.number().int(), lastRecord: z.number().int(), records: z.number().int() })),
  /** Times somebody else vouches for. */
  times: z.array(z.object({ kind: z.enum(['timestamp', 'log']), at: z.string() })),
  /** Entries in transparency logs of others. */
  logEntries: z.array(z.object({ logId: z.string(), index: z.string(), at: z.string().nullable() })),
  certificate: z.object({ subject: z.string(), issuer: z.string(), notBefore: z.string(), notAfter: z.string() }).nullable(),
  publicKeyPem: z.string().nullable(),
  /** Exactly the records covered can be had as a file; null when that is the whole chain. */
  excerpt: z.object({ fileName: z.string(), sha256: Sha256 }).nullable(),
});
export type AttestationDetail = z.infer<typeof AttestationDetail>;
export const AttestationPage = page(Attestation);
