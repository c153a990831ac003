import * as z from 'zod';
import { PROBLEM_CODES } from '../../chain/problem';
import { VERDICTS } from '../../chain/verdict';
import { LEVELS } from '../../rules/rule';
import { type Statement, STATEMENT_TYPE } from '../statement';
import { treeSubject } from './audit-chain-segment';
import { definePredicate } from './predicate';

export const AUDIT_PERIOD_TYPE = 'https://sealtrail.dev/attestation/audit-period/v1';

const Count = z.number().int().min(0);
const Instant = z.iso.datetime();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What several chains recorded in a period, and what came of checking each. Specified in `audit-period.md`. */
export const AuditPeriod = z.object({
  period: z.object({ from: Instant, to: Instant }),
  tool: z.object({ name: z.string(), version: z.string() }),
  verdict: z.enum(VERDICTS),
  chains: z
    .array(
      z.object({
        chain: z.object({ name: z.string(), id: z.string() }),
        format: z.string(),
        verdict: z.enum(VERDICTS),
        problemCounts: z.partialRecord(z.enum(PROBLEM_CODES), Count),
        recordRange: z.object({ first: Count, last: Count, count: Count }),
        segments: z.array(z.object({ name: z.string(), digest: z.object({ sha256: Sha256 }) })).min(1),
        tree: z.object({ size: Count, rootHash: Sha256 }),
      }),
    )
    .min(1),
  rules: z.array(z.object({ id: z.string(), name: z.string(), digest: z.object({ sha256: Sha256 }) })),
  findingsByLevel: z.partialRecord(z.enum(LEVELS), Count),
  findings: z
    .array(
      z.object({
        id: z.string(),
        rule: z.string(),
        level: z.enum(LEVELS),
        window: z.object({ from: Instant, to: Instant }),
        chains: z.array(z.string()),
      }),
    )
    .max(1000),
  attestedAt: Instant,
});
export type AuditPeriod = z.infer<typeof AuditPeriod>;

/**
 * The statement on a period across chains: the verdict is the worst of theirs. Its subjects are the segments that hold records of the
 * period, by SHA-256 of their bytes, and the root of each chain's Merkle tree.
 * @throws ZodError when the input breaks the predicate's schema.
 */
export function buildPeriodStatement(input: AuditPeriod): Statement {
  const predicate = AuditPeriod.parse(input);
  const segments = new Map(
    predicate.chains.flatMap(({ segments: list }) => list.map((segment) => [segment.digest.sha256, segment])),
  );
  const roots = predicate.chains.map(({ chain, tree }) => treeSubject(chain.name, tree));
  return {
    _type: STATEMENT_TYPE,
    subject: [...segments.values(), ...roots],
    predicateType: AUDIT_PERIOD_TYPE,
    predicate,
  };
}

export const auditPeriod = definePredicate({
  type: AUDIT_PERIOD_TYPE,
  label: 'Audit period',
  schema: AuditPeriod,
  madeAt: 'attestedAt',
  build: buildPeriodStatement,
  describe: ({ period, chains, verdict }) =>
    `${chains.length} ${chains.length === 1 ? 'chain' : 'chains'} from ${period.from} to ${period.to} ${chains.length === 1 ? 'was' : 'were'} found ${verdict}`,
});
