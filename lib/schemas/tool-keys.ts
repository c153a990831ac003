import * as z from 'zod';
import { Instant, Sha256, page } from './common';

/** What a tool signs with: AgentFence Ed25519, nono ECDSA P-256. */
export const KeyAlgorithm = z.enum(['Ed25519', 'ECDSA P-256']);
export type KeyAlgorithm = z.infer<typeof KeyAlgorithm>;

/** A public key of a tool that writes logs. */
export const ToolKey = z.object({
  id: z.uuid(),
  name: z.string(),
  algorithm: KeyAlgorithm,
  /** SHA-256 of the SPKI DER. */
  fingerprint: Sha256,
  publicKeyPem: z.string(),
  addedBy: z.string(),
  addedAt: Instant,
  retiredBy: z.string().nullable(),
  retiredAt: Instant.nullable(),
});
export type ToolKey = z.infer<typeof ToolKey>;
export const ToolKeyPage = page(ToolKey);

export const NewToolKey = z.object({
  name: z.string().trim().min(1).max(80),
  /** SPKI in PEM, as `openssl pkey -pubout` writes it. */
  publicKeyPem: z.string().trim().min(1).max(10_000),
});
