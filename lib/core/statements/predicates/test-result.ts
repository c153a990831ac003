import { z } from 'zod';
import type { Level } from '../../rules/rule';
import { ResourceDescriptor } from '../resource';
import { type Statement, STATEMENT_TYPE } from '../statement';

export const TEST_RESULT_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

/** Test Result v0.1, github.com/in-toto/attestation spec/predicates/test-result.md. */
export const TestResult = z.looseObject({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  configuration: z.array(ResourceDescriptor),
  url: z.string().optional(),
  passedTests: z.array(z.string()).optional(),
  warnedTests: z.array(z.string()).optional(),
  failedTests: z.array(z.string()).optional(),
});

/** A rule that ran, and the levels of what it found in the records. */
export type RuleOutcome = { id: string; name: string; digest: { sha256: string }; levels: readonly Level[] };

/** One test a rule, named by its id: failed when it found something high or critical, warned when it found something milder. */
export function buildTestResult({ subject, rules, url }: { subject: Statement['subject']; rules: readonly RuleOutcome[]; url: string }): Statement {
  const outcomes = { passedTests: [] as string[], warnedTests: [] as string[], failedTests: [] as string[] };
  for (const { id, levels } of rules) {
    const isSerious = levels.some((level) => level === 'high' || level === 'critical');
    outcomes[isSerious ? 'failedTests' : levels.length > 0 ? 'warnedTests' : 'passedTests'].push(id);
  }
  const predicate = TestResult.parse({
    result: outcomes.failedTests.length > 0 ? 'FAILED' : outcomes.warnedTests.length > 0 ? 'WARNED' : 'PASSED',
    configuration: rules.map(({ id, name, digest }) => ({ name: `${id}.yml`, digest, annotations: { title: name } })),
    url,
    ...outcomes,
  });
  return { _type: STATEMENT_TYPE, subject, predicateType: TEST_RESULT_TYPE, predicate };
}
