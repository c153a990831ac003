import { pastMs, reachMs } from './compile';
import type { GeneratedRule, RuleFile } from './rule';

/** What of a file is run: its rule, which has no name here, or one that finds something by itself. */
export type Part = Omit<GeneratedRule, 'name'> & { name: string | null };

/** The rule first. */
export function partsOf(rule: RuleFile): [Part, ...Part[]] {
  return [{ ...rule, name: null }, ...rule.generated];
}

/** As far as a record can lie before the end of a window of any of its parts that it is cited of, ends included. */
export function wholeReachMs(rule: RuleFile): number {
  return Math.max(...partsOf(rule).map(reachMs));
}

/** As long as a record is of the history of windows of any of them. */
export function wholePastMs(rule: RuleFile): number {
  return Math.max(...partsOf(rule).map(pastMs));
}
