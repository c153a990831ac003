import { type Params, predicateSql } from './predicate-sql';
import type { RuleFile } from './rule';

/** What of a rule says which records are its own. */
export type Matching = Pick<RuleFile, 'bases'>;

/** Whether a record is of a rule: of any of the rules it is made of. Adds what it compares with to `params`. */
export function matchingSql({ bases }: Matching, params: Params): string {
  return bases.map(({ where }) => predicateSql(where, params)).join(' OR ');
}
