import * as z from 'zod';
import type { Level } from '../../rules/rule';
import { ResourceDescriptor } from '../resource';
import { type Standing, passes } from '../standing';
import { type Statement, STATEMENT_TYPE } from '../statement';
import { type Claim, definePredicate } from './predicate';

const TEST_RESULT_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

/** Test Result v0.1, github.com/in-toto/attestation spec/predicates/test-result.md. */
export const TestResult = z.looseObject({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  configuration: z.array(ResourceDescriptor),
  url: z.string().optional(),
  passedTests: z.array(z.string()).optional(),
  warnedTests: z.array(z.string()).optional(),
  failedTests: z.array(z.string()).optional(),
});

export type TestResult = z.infer<typeof TestResult>;

/** A rule that ran, and the levels of what it found in the records. */
type RuleOutcome = { id: string; name: string; digest: { sha256: string }; levels: readonly Level[] };

/** The first test of every Test Result: whether the log itself holds. */
const INTEGRITY_TEST = 'audit-chain-integrity';

export type TestInput = {
  /** Only bytes the standing is about. */
  subject: Statement['subject'];
  standing: Standing;
  policy: ResourceDescriptor;
  rules: readonly RuleOutcome[];
  url: string;
};

/**
 * The integrity of the log as the first test, failed by whatever does not pass, so that no result stands beside a log that does not hold;
 * then a test a rule, named by its id: failed when it found something high or critical, warned when it found something milder.
 */
export function buildTestResult({ subject, standing, policy, rules, url }: TestInput): Statement {
  const outcomes = { passedTests: [] as string[], warnedTests: [] as string[], failedTests: [] as string[] };
  outcomes[!passes(standing) ? 'failedTests' : standing.verdict === 'verified' ? 'passedTests' : 'warnedTests'].push(
    INTEGRITY_TEST,
  );
  for (const { id, levels } of rules) {
    const isSerious = levels.some((level) => level === 'high' || level === 'critical');
    outcomes[isSerious ? 'failedTests' : levels.length > 0 ? 'warnedTests' : 'passedTests'].push(id);
  }
  const predicate = TestResult.parse({
    result: outcomes.failedTests.length > 0 ? 'FAILED' : outcomes.warnedTests.length > 0 ? 'WARNED' : 'PASSED',
    configuration: [
      policy,
      ...rules.map(({ id, name, digest }) => ({ name: `${id}.yml`, digest, annotations: { title: name } })),
    ],
    url,
    ...outcomes,
  });
  return { _type: STATEMENT_TYPE, subject, predicateType: TEST_RESULT_TYPE, predicate };
}

export const testResult = definePredicate({
  type: TEST_RESULT_TYPE,
  label: 'Rule run',
  schema: TestResult,
  madeAt: null,
  companion: { id: 'test-result', label: 'rule run (in-toto Test Result)', make: buildTestResult },
  build: buildTestResult,
  describe({ result, passedTests = [], warnedTests = [], failedTests = [] }) {
    const ofRules = (tests: readonly string[]) => tests.filter((test) => test !== INTEGRITY_TEST).length;
    const chain = failedTests.includes(INTEGRITY_TEST)
      ? 'the log does not hold; '
      : [...passedTests, ...warnedTests].includes(INTEGRITY_TEST)
        ? 'the log holds; '
        : '';
    return `${result}: ${chain}of ${ofRules(passedTests) + ofRules(warnedTests) + ofRules(failedTests)} rules ${ofRules(failedTests)} found something serious, ${ofRules(warnedTests)} something milder`;
  },
  claims({ result, passedTests = [], warnedTests = [], failedTests = [] }) {
    const isRule = (test: string) => test !== INTEGRITY_TEST;
    const integrity: Claim[] = failedTests.includes(INTEGRITY_TEST)
      ? [{ kind: 'fails', words: 'the log does not hold' }]
      : result === 'FAILED'
        ? []
        : [{ kind: 'holds', words: result }];
    return {
      claims: [
        ...integrity,
        {
          kind: 'rules',
          result,
          rules: [...passedTests, ...warnedTests, ...failedTests].filter(isRule).length,
          failed: failedTests.filter(isRule),
        },
      ],
      isOnLogs: true,
    };
  },
  favours: ({ result }) => (result === 'FAILED' ? null : result),
});
