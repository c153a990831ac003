import * as z from 'zod';
import { FormatId, Sha256 } from '../schemas/common';

const OfChain = z.object({ chainId: z.uuid() });

/** Ids, never content. A new field is optional: older jobs may still be in the queue. */
export const Payloads = {
  'check-segment': z.object({ chainId: z.uuid(), digest: Sha256, format: FormatId }),
  'join-chain': OfChain,
  'follow-reference': OfChain,
  'load-chain': OfChain,
  'detect-chain': OfChain,
  'close-tail': OfChain,
  'load-tail': OfChain,
  'detect-tail': OfChain,
  'attest-chain': OfChain.extend({ generation: z.number().int() }),
  'attest-request': z.object({ requestId: z.uuid() }),
  'make-package': z.object({ requestId: z.uuid() }),
  'make-report-run': z.object({ requestId: z.uuid() }),
  'delete-chain': z.object({ requestId: z.uuid() }),
  'publish-log': z.object({}),
  'backfill-rule': z.object({ digest: Sha256 }),
  'deliver-notifications': z.object({ destinationId: z.uuid() }),
} as const;

/** Under which an older version queued jobs of a kind: they are still taken. */
export const FORMER_NAMES: Partial<Record<JobKind, string>> = { 'follow-reference': 'follow-original' };

export type JobKind = keyof typeof Payloads;
export type JobPayload<K extends JobKind> = z.infer<(typeof Payloads)[K]>;
export const JOB_KINDS = Object.keys(Payloads) as JobKind[]; // keys of a literal we own

/** What a job is about; of equal ones a single one waits. */
export function singletonKey(payload: {
  chainId?: string;
  digest?: string;
  requestId?: string;
  destinationId?: string;
}): string {
  const { chainId, digest, requestId, destinationId } = payload;
  return [chainId, digest, requestId, destinationId].filter((id) => id !== undefined).join(':') || 'all';
}
