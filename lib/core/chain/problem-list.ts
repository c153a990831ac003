import type { Place } from './check';
import { type Problem, type ProblemCode, type ProblemCounts, severityOf } from './problem';
import { figure } from '../text/words';

/** Problems of one segment, or of one joining, that are placed; beyond that they are only counted. */
const MAX_LISTED = 100_000;

/** What a record holds may be of any length; so much of it is told. */
const MAX_REPORTED_CHARACTERS = 2_000;

/** Gathers problems and counts them by code. */
export type ProblemList = {
  readonly problems: Problem[];
  readonly counts: ProblemCounts;
  add(
    code: ProblemCode,
    place: Place,
    detail: { expected?: string | null; found?: string | null; message: string },
  ): void;
  count(code: ProblemCode, times: number): void;
};

export function createProblemList(): ProblemList {
  const problems: Problem[] = [];
  const counts: ProblemCounts = {};
  const count = (code: ProblemCode, times: number) => {
    if (times > 0) counts[code] = (counts[code] ?? 0) + times;
  };
  return {
    problems,
    counts,
    count,
    add(code, { record, line, byteOffset, byteLength }, { expected = null, found = null, message }) {
      count(code, 1);
      if (problems.length < MAX_LISTED)
        problems.push({
          code,
          severity: severityOf(code),
          record,
          line,
          byteOffset,
          byteLength,
          expected: expected && cut(expected),
          found: found && cut(found),
          message: cut(message),
        });
    },
  };
}

function cut(text: string): string {
  return text.length <= MAX_REPORTED_CHARACTERS
    ? text
    : `${text.slice(0, MAX_REPORTED_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}… (${figure(text.length)} characters)`;
}
