import * as z from 'zod';
import { KNOWN_SIDECARS } from '#known';
import { Instant, Sha256, page } from './common';

/** The kinds of sidecar files, and which tool writes each. */
export const SidecarKind = z.enum(KNOWN_SIDECARS.map(({ kind }) => kind));
export type SidecarKind = z.infer<typeof SidecarKind>;

/** What one sidecar, or the signatures of the records, came to. */
export const SidecarFact = z.object({
  /** A sidecar's kind, or `signatures`. */
  kind: z.string(),
  /** Name of the file; of signatures the names of the keys. */
  file: z.string(),
  /** Null for what is in the log itself. */
  sidecarId: z.uuid().nullable(),
  /** Null when there was nothing to compare it with. */
  holds: z.boolean().nullable(),
  /** What was compared with what, in one or two sentences. */
  message: z.string(),
});
export type SidecarFact = z.infer<typeof SidecarFact>;

export const Sidecar = z.object({
  id: z.uuid(),
  chainId: z.uuid(),
  kind: SidecarKind,
  fileName: z.string(),
  sha256: Sha256,
  bytes: z.number().int(),
  /** SHA-256 of the archive it came in. */
  archiveSha256: Sha256.nullable(),
  receivedBy: z.string(),
  receivedAt: Instant,
  /** Who had it count no longer, and when; null while it counts. */
  setAside: z.object({ by: z.string(), at: Instant }).nullable(),
  /** What it proves or disproves of the chain as it stands; null until the chain is verified with it. */
  fact: SidecarFact.nullable(),
});
export type Sidecar = z.infer<typeof Sidecar>;
export const SidecarPatch = z.object({ /** Whether the chain is verified with it. */ counts: z.boolean() });
export const SidecarPage = page(Sidecar);

/** A sidecar file, once it is stored. */
export const SidecarReceipt = z.object({
  sidecarId: z.uuid(),
  chainId: z.uuid(),
  chain: z.string(),
  kind: SidecarKind,
  fileName: z.string(),
  sha256: Sha256,
  bytes: z.number().int(),
});
export type SidecarReceipt = z.infer<typeof SidecarReceipt>;
