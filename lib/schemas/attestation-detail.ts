import * as z from 'zod';
import { STATUSES } from '../core/checks/check';
import { REASONS, type ReasonCode } from '../core/checks/reasons';
import { STEPS, type StepId } from '../core/checks/steps';
import { Attestation } from './attestations';
import { Sha256, SignedVerdict } from './common';

/** One step of a check. Step, status and reason are closed lists, docs/checks.md; title and detail say the same in words. */
export const CheckStep = z.object({
  // Object.keys gives string[]; these are the keys of the two tables.
  step: z.enum(Object.keys(STEPS) as StepId[]),
  about: z.looseObject({}).optional(),
  status: z.enum(STATUSES),
  /** The code, and what was compared with what. */
  reason: z.looseObject({ code: z.enum(Object.keys(REASONS) as ReasonCode[]) }),
  title: z.string(),
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
  chains: z.array(
    z.object({
      chainId: z.uuid(),
      chain: z.string(),
      verdict: SignedVerdict,
      damaged: z.boolean(),
      firstRecord: z.number().int(),
      lastRecord: z.number().int(),
      records: z.number().int(),
    }),
  ),
  /** Times confirmed by a timestamp authority or a transparency log. */
  times: z.array(z.object({ kind: z.enum(['timestamp', 'log']), at: z.string() })),
  /** Entries in transparency logs of others. */
  logEntries: z.array(z.object({ logId: z.string(), index: z.string(), at: z.string().nullable() })),
  certificate: z
    .object({ subject: z.string(), issuer: z.string(), notBefore: z.string(), notAfter: z.string() })
    .nullable(),
  publicKeyPem: z.string().nullable(),
  /** Exactly the records covered can be had as a file; null when that is the whole chain. */
  excerpt: z.object({ fileName: z.string(), sha256: Sha256 }).nullable(),
});
export type AttestationDetail = z.infer<typeof AttestationDetail>;
