import { z } from 'zod';
import { DECISIONS } from '../../chain/event';
import { PROBLEM_CODES, type Problem } from '../../chain/problem';
import { VERDICTS } from '../../chain/verdict';
import { LEVELS } from '../../rules/rule';
import { STATEMENT_TYPE, type Statement } from '../statement';

export const PREDICATE_TYPE = 'https://sealtrail.dev/attestation/audit-chain-segment/v1';
/** Problems a statement lists with their place; `counts` holds them all. */
export const MAX_PLACED_PROBLEMS = 100;

const Count = z.number().int().min(0);
const Instant = z.iso.datetime();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Hash = z.string().min(1);

const PlacedProblem = z.object({
  code: z.enum(PROBLEM_CODES),
  record: Count,
  line: Count,
  byteOffset: Count,
  byteLength: Count,
  expected: z.string().nullable(),
  found: z.string().nullable(),
  message: z.string(),
});

/** What was checked, over which bytes, and what came of it. Specified in `audit-chain-segment.md`. */
export const AuditChainSegment = z.object({
  chain: z.object({ name: z.string(), id: z.string() }),
  format: z.string(),
  tool: z.object({ name: z.string(), version: z.string() }),
  recordRange: z.object({ first: Count, last: Count, count: Count }),
  hashes: z.object({ algorithm: z.enum(['sha256', 'blake3']), previous: Hash.nullable(), first: Hash.nullable(), last: Hash.nullable() }),
  countsByDecision: z.partialRecord(z.enum(DECISIONS), Count),
  verdict: z.enum(VERDICTS),
  problems: z.object({ placed: z.array(PlacedProblem).max(MAX_PLACED_PROBLEMS), counts: z.partialRecord(z.enum(PROBLEM_CODES), Count) }),
  rules: z.array(z.object({ id: z.string(), name: z.string(), digest: z.object({ sha256: Sha256 }), findings: Count })),
  findings: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      level: z.enum(LEVELS),
      window: z.object({ from: Instant, to: Instant }),
      count: Count,
      records: z.array(Count),
    }),
  ),
  segments: z.array(z.object({ name: z.string(), digest: z.object({ sha256: Sha256 }), byteOffset: Count, sizeBytes: Count, records: Count })).min(1),
  timeRange: z.object({ first: Instant, last: Instant }).nullable(),
  verifiedAt: Instant,
  attestedAt: Instant,
  witnessedHeads: z.array(z.object({ hash: Hash, records: Count, sizeBytes: Count, observedAt: Instant })),
});
export type AuditChainSegment = z.infer<typeof AuditChainSegment>;

export type SegmentStatementInput = Omit<AuditChainSegment, 'problems'> & {
  problems: { placed: readonly Problem[]; counts: AuditChainSegment['problems']['counts'] };
  /** The uploaded files the segments come from, in order. */
  files: { name: string; sha256: string }[];
};

/**
 * The statement on what was checked. Its subjects are the uploaded files and each segment, by SHA-256 of their bytes, so that anyone who
 * holds the bytes can match them. Problems beyond the first 100 are only counted.
 * @throws ZodError when the input breaks the predicate's schema.
 */
export function buildSegmentStatement({ files, problems, ...input }: SegmentStatementInput): Statement {
  const placed = problems.placed.slice(0, MAX_PLACED_PROBLEMS);
  const predicate = AuditChainSegment.parse({ ...input, problems: { placed, counts: problems.counts } });
  const segments = predicate.segments.map(({ name, digest }) => ({ name, digest }));
  const subject = [...files.map(({ name, sha256 }) => ({ name, digest: { sha256: Sha256.parse(sha256) } })), ...segments];
  return { _type: STATEMENT_TYPE, subject, predicateType: PREDICATE_TYPE, predicate };
}
