import * as z from 'zod';
import type { Verdict } from '../../chain/verdict';
import { type Standing, passes } from '../standing';
import { type Statement, STATEMENT_TYPE } from '../statement';
import { definePredicate } from './predicate';

const VSA_TYPE = 'https://slsa.dev/verification_summary/v1';

const DigestSet = z.record(z.string(), z.string().min(1));
const Described = z.strictObject({ uri: z.string().min(1), digest: DigestSet });

/** SLSA Verification Summary v1, slsa.dev/spec/v1.2/verification_summary. in-toto's protos/…/vsa/v1/vsa.proto lacks `verifier.version`, which the text has. */
export const VerificationSummary = z.looseObject({
  verifier: z.looseObject({ id: z.url(), version: z.record(z.string(), z.string()).optional() }),
  timeVerified: z.iso.datetime(),
  resourceUri: z.string().min(1),
  policy: z.looseObject({ uri: z.string().min(1), digest: DigestSet.optional() }),
  inputAttestations: z.array(Described).optional(),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(z.string()).min(1),
  dependencyLevels: z.record(z.string(), z.number().int()).optional(),
  slsaVersion: z.string().optional(),
});

/** Who verified: a URI of the operator of the verifier, and the versions of what it runs on. */
export type Verifier = { id: string; version: Record<string, string> };

export type SummaryInput = {
  /** Only bytes the standing is about. */
  subject: Statement['subject'];
  verifier: Verifier;
  /** When the verification occurred, which may be long before anybody signs it. */
  verifiedAt: string;
  /** Where the bytes of the subject are fetched. */
  resourceUri: string;
  standing: Standing;
  policy: { uri: string; digest: Record<string, string> };
  inputAttestations: { uri: string; digest: Record<string, string> }[];
};

/**
 * What a policy engine that knows nothing of chains asks: did it pass. Passed is what holds by its format's own rule (`verified`,
 * `verified-with-warnings`, `restarted`) and lies under its hashes whole; anything else failed, and is said as such.
 */
export function buildVerificationSummary({
  subject,
  verifier,
  verifiedAt,
  resourceUri,
  standing,
  policy,
  inputAttestations,
}: SummaryInput): Statement {
  const isPassed = passes(standing);
  const predicate = VerificationSummary.parse({
    verifier,
    timeVerified: verifiedAt,
    resourceUri,
    policy: { uri: policy.uri, digest: policy.digest },
    inputAttestations,
    verificationResult: isPassed ? 'PASSED' : 'FAILED',
    // A level of SLSA is never claimed; custom levels must not begin with SLSA_.
    verifiedLevels: isPassed ? [levelOf(standing.verdict)] : ['FAILED'],
  });
  return { _type: STATEMENT_TYPE, subject, predicateType: VSA_TYPE, predicate };
}

/** `verified-with-warnings` as AUDIT_CHAIN_VERIFIED_WITH_WARNINGS. */
export function levelOf(verdict: Verdict): string {
  return `AUDIT_CHAIN_${verdict.toUpperCase().replaceAll('-', '_')}`;
}

export const verificationSummary = definePredicate({
  type: VSA_TYPE,
  label: 'Verification summary',
  schema: VerificationSummary,
  madeAt: 'timeVerified',
  companion: { id: 'vsa', label: 'verification summary (SLSA VSA)', make: buildVerificationSummary },
  build: buildVerificationSummary,
  describe: ({ verificationResult, verifier, resourceUri }) =>
    `${verifier.id} says ${verificationResult} of ${resourceUri}`,
  claims: ({ verificationResult, verifiedLevels }) => ({
    claims: [
      { kind: verificationResult === 'PASSED' ? 'holds' : 'fails', words: verificationResult },
      ...verifiedLevels
        .filter((level) => level !== 'FAILED')
        .map((property) => ({ kind: 'property' as const, property })),
    ],
    isOnLogs: false,
  }),
  favours: ({ verificationResult }) => (verificationResult === 'PASSED' ? 'PASSED' : null),
});
