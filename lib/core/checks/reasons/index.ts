import { BUNDLE_REASONS } from './bundle';
import { COMPARISON_REASONS } from './comparison';
import { GIVEN_REASONS } from './given';
import { PROOF_REASONS } from './proof';

/** Every reason a step can have, with what it says in words. */
export const REASONS = { ...BUNDLE_REASONS, ...PROOF_REASONS, ...COMPARISON_REASONS, ...GIVEN_REASONS } as const;

export type ReasonCode = keyof typeof REASONS;
type DetailsOf<C extends ReasonCode> = Parameters<(typeof REASONS)[C]> extends [infer Details] ? Details : unknown;
/** Why a step passed, failed or was skipped: one of the codes, with its details. */
export type Reason = { [C in ReasonCode]: { code: C } & DetailsOf<C> }[ReasonCode];

/** What a reason says, as a clause or a sentence. */
export function reasonWords(reason: Reason): string {
  const say = REASONS[reason.code] as (details: Reason) => string; // the code's own function, which takes the details of that code
  return say(reason);
}
