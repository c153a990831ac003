import { agentAttestation } from './agent-attestation';
import { auditChainSegment } from './audit-chain-segment';
import { auditPeriod } from './audit-period';
import { chainTombstone } from './chain-tombstone';
import { evidencePackage } from './evidence-package';
import type { Predicate } from './predicate';
import { reportRun } from './report-run';
import { testResult } from './test-result';
import { verificationResult } from './verification-result';
import { verificationSummary } from './verification-summary';

const LISTED = [
  auditChainSegment,
  auditPeriod,
  evidencePackage,
  reportRun,
  chainTombstone,
  verificationSummary,
  verificationResult,
  testResult,
  agentAttestation,
] as const;

export type CompanionId = NonNullable<(typeof LISTED)[number]['companion']>['id'];
/** Every predicate that is read here. */
export const PREDICATES: readonly Predicate<CompanionId>[] = LISTED;

/** Null for a type that is not known here. */
export function predicateOf(type: string): Predicate<CompanionId> | null {
  return PREDICATES.find((known) => known.type === type || known.olderTypes.includes(type)) ?? null;
}

/** Statements made beside our own, for tools that know nothing of chains. */
export const COMPANIONS = PREDICATES.flatMap(({ companion }) => (companion ? [companion] : []));
