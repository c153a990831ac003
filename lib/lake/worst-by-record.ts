import { PROBLEM_VERDICT, type ProblemCode } from '../core/chain/problem';
import { VERDICTS } from '../core/chain/verdict';

/** Notes the problems of records in `worst`, which keeps the worst of each. */
export function updateWorst(
  worst: Map<number, ProblemCode>,
  problems: readonly { record: number; code: ProblemCode }[],
): void {
  const rank = (code: ProblemCode) => VERDICTS.indexOf(PROBLEM_VERDICT[code]);
  for (const { record, code } of problems) {
    const known = worst.get(record);
    if (!known || rank(code) < rank(known)) worst.set(record, code);
  }
}
