import * as z from 'zod';
import { Instant } from './common';

const Pass = z.object({ objects: z.number().int(), bytes: z.number().int() });

/** What is known of all stored evidence: what of it is damaged now, and when all of it was read back last. */
export const EvidenceState = z.object({
  /** Objects and open segments that do not read back as what was stored. */
  damaged: z.object({ altered: z.number().int(), missing: z.number().int(), unreadable: z.number().int() }),
  /** The pass over everything that is under way; null between passes. */
  sweep: Pass.nullable(),
  /** The last pass that came to its end; null before the first did. */
  lastPass: Pass.extend({ startedAt: Instant, endedAt: Instant }).nullable(),
});
export type EvidenceState = z.infer<typeof EvidenceState>;

export function countDamaged({ damaged }: EvidenceState): number {
  return damaged.altered + damaged.missing + damaged.unreadable;
}

/** Null when nothing is damaged. */
export function damageSentence(state: EvidenceState): string | null {
  const { altered, missing, unreadable } = state.damaged;
  const parts = [
    [altered, 'altered'],
    [missing, 'missing'],
    [unreadable, 'not readable'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, word]) => `${count} ${word}`);
  return parts.length === 0
    ? null
    : `stored evidence is damaged (${parts.join(', ')}): nothing is made from it until its genuine bytes are back`;
}
