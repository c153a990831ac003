import { z } from 'zod';
import { exitCode, type Verdict } from '../../chain/verdict';
import { type Statement, STATEMENT_TYPE } from '../statement';

export const VSA_TYPE = 'https://slsa.dev/verification_summary/v1';

const DigestSet = z.record(z.string(), z.string().min(1));
const Described = z.strictObject({ uri: z.string().min(1), digest: DigestSet });

/** SLSA Verification Summary v1, slsa.dev/spec/v1.0/verification_summary, as in-toto publishes it (protos/…/vsa/v1/vsa.proto). */
export const VerificationSummary = z.looseObject({
  verifier: z.looseObject({ id: z.url() }),
  timeVerified: z.iso.datetime(),
  resourceUri: z.string().min(1),
  policy: z.looseObject({ uri: z.string().min(1), digest: DigestSet.optional() }),
  inputAttestations: z.array(Described).optional(),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(z.string()).min(1),
  dependencyLevels: z.record(z.string(), z.number().int()).optional(),
  slsaVersion: z.string().optional(),
});

export type SummaryInput = {
  subject: Statement['subject'];
  verifierId: string;
  verifiedAt: string;
  resourceUri: string;
  verdict: Verdict;
  policy: { uri: string; digest?: Record<string, string> };
  inputAttestations: { uri: string; digest: Record<string, string> }[];
};

/**
 * What a policy engine that knows nothing of chains asks: did it pass. Passed is a chain that holds by its format's own rule
 * (`verified`, `verified-with-warnings`, `restarted`); any other verdict failed, and is said as such.
 */
export function buildVerificationSummary({ subject, verifierId, verifiedAt, resourceUri, verdict, policy, inputAttestations }: SummaryInput): Statement {
  const predicate = VerificationSummary.parse({
    verifier: { id: verifierId },
    timeVerified: verifiedAt,
    resourceUri,
    policy,
    inputAttestations,
    verificationResult: exitCode(verdict) === 0 ? 'PASSED' : 'FAILED',
    // A level of SLSA is never claimed; custom levels must not begin with SLSA_.
    verifiedLevels: exitCode(verdict) === 0 ? [levelOf(verdict)] : ['FAILED'],
  });
  return { _type: STATEMENT_TYPE, subject, predicateType: VSA_TYPE, predicate };
}

/** `verified-with-warnings` as AUDIT_CHAIN_VERIFIED_WITH_WARNINGS. */
export function levelOf(verdict: Verdict): string {
  return `AUDIT_CHAIN_${verdict.toUpperCase().replaceAll('-', '_')}`;
}
