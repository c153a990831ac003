import type { Verdict } from '../../../core/chain/verdict';

/** Completes "The log …". */
export const VERDICT_WORDS: Record<Verdict, string> = {
  tampered: 'was tampered with',
  forked: 'is forked',
  truncated: 'was cut off',
  gap: 'has a gap',
  corrupt: 'is damaged',
  unchained: 'carries no chain',
  restarted: 'was restarted in between',
  'verified-with-warnings': 'holds, with warnings',
  verified: 'holds',
};

export function holds(verdict: Verdict): boolean {
  return verdict === 'verified' || verdict === 'verified-with-warnings' || verdict === 'restarted';
}
