import type { z } from 'zod';
import { AGENT_ATTESTATION_TYPE, AgentAttestation, OLD_AGENT_ATTESTATION_TYPE } from './predicates/agent-attestation';
import { AUDIT_PERIOD_TYPE, AuditPeriod } from './predicates/audit-period';
import { AuditChainSegment, PREDICATE_TYPE } from './predicates/audit-chain-segment';
import { EVIDENCE_PACKAGE_TYPE, EvidencePackage } from './predicates/evidence-package';
import { INTEGRITY_TEST, TEST_RESULT_TYPE, TestResult } from './predicates/test-result';
import { SVR_TYPE, VerificationResult } from './predicates/verification-result';
import { VSA_TYPE, VerificationSummary } from './predicates/verification-summary';
import type { Statement } from './statement';

type Known = { /** As people call it. */ label: string; words(predicate: unknown): string };

/** Every predicate that is read here. */
const KNOWN: Readonly<Record<string, Known>> = {
  [PREDICATE_TYPE]: known('Audit chain', AuditChainSegment, ({ chain, verdict, recordRange: { first, last, count }, scope }) => {
    const part = scope?.kind === 'session' || scope?.kind === 'run' ? ` of ${scope.kind} ${scope.id}` : '';
    return `${count} ${count === 1 ? 'record' : 'records'}${part} of "${chain.name}", ${first} to ${last}, ${count === 1 ? 'was' : 'were'} found ${verdict}`;
  }),
  [AUDIT_PERIOD_TYPE]: known('Audit period', AuditPeriod, ({ period, chains, verdict }) => `${chains.length} ${chains.length === 1 ? 'chain' : 'chains'} from ${period.from} to ${period.to} ${chains.length === 1 ? 'was' : 'were'} found ${verdict}`),
  [EVIDENCE_PACKAGE_TYPE]: known('Evidence package', EvidencePackage, ({ package: { about }, files, attestations }) => `${files} files and ${attestations.length} ${attestations.length === 1 ? 'attestation' : 'attestations'}: ${about}`),
  [VSA_TYPE]: known('Verification summary', VerificationSummary, ({ verificationResult, verifier, resourceUri }) => `${verifier.id} says ${verificationResult} of ${resourceUri}`),
  [SVR_TYPE]: known('Verification result', VerificationResult, ({ verifier, properties }) => `${verifier.id} found ${properties.length === 0 ? 'no property to hold' : properties.join(', ')}`),
  [TEST_RESULT_TYPE]: known(
    'Rule run',
    TestResult,
    ({ result, passedTests = [], warnedTests = [], failedTests = [] }) => {
      const ofRules = (tests: readonly string[]) => tests.filter((test) => test !== INTEGRITY_TEST).length;
      const chain = failedTests.includes(INTEGRITY_TEST) ? 'the log does not hold; ' : [...passedTests, ...warnedTests].includes(INTEGRITY_TEST) ? 'the log holds; ' : '';
      return `${result}: ${chain}of ${ofRules(passedTests) + ofRules(warnedTests) + ofRules(failedTests)} rules ${ofRules(failedTests)} found something serious, ${ofRules(warnedTests)} something milder`;
    },
  ),
  [AGENT_ATTESTATION_TYPE]: known('Agent run', AgentAttestation, ofRun),
  [OLD_AGENT_ATTESTATION_TYPE]: known('Agent run', AgentAttestation, ofRun),
};

/** As people call a predicate of this type; null when it is not known here. */
export function predicateLabel(predicateType: string): string | null {
  return KNOWN[predicateType]?.label ?? null;
}

/**
 * A statement in words. A predicate of a type nobody here knows is named and left unread.
 * @throws Error when a predicate breaks the schema of its type.
 */
export function describeStatement({ predicateType, predicate, subject }: Statement): string {
  const subjects = `${subject.length} ${subject.length === 1 ? 'subject' : 'subjects'}`;
  const words = KNOWN[predicateType]?.words(predicate);
  return words === undefined ? `${subjects}; its predicate, ${predicateType}, is of a type not known here` : `${subjects}; ${words}`;
}

function known<S extends z.ZodType>(label: string, schema: S, words: (predicate: z.output<S>) => string): Known {
  return {
    label,
    words(predicate) {
      const parsed = schema.safeParse(predicate);
      if (!parsed.success) throw new Error(`the predicate does not follow its schema: ${schemaIssues(parsed.error.issues)}`);
      return words(parsed.data);
    },
  };
}

function ofRun({ subject, agent, execution_summary: { tool_calls: calls, blocked } }: AgentAttestation): string {
  return `run ${subject.run_id} of ${agent.platform} made ${calls} tool calls, ${blocked} of them blocked`;
}

/** The first three, each with its place. */
export function schemaIssues(list: readonly { path: PropertyKey[]; message: string }[]): string {
  return list
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join('.') || 'statement'}: ${message}`)
    .join('; ');
}
