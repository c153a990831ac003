import type { Check } from './check';
import type { Comparable } from './reasons/comparison';
import type { About, StepId } from './steps';

/** One thing stated and found again, or not. */
export function compared(step: StepId, stated: Comparable, found: Comparable, about?: About): Check {
  const where = { step, ...(about && { about }) };
  return isSame(stated, found)
    ? { ...where, status: 'passed', reason: { code: 'same', value: found } }
    : { ...where, status: 'failed', reason: { code: 'differs', stated, found } };
}

function isSame(a: Comparable, b: Comparable): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.first === b.first && a.last === b.last && a.count === b.count;
}
