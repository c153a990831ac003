import * as z from 'zod';
import { DECISIONS } from '../../event/fields';
import { PROBLEM_CODES, type Problem } from '../../chain/problem';
import { VERDICTS } from '../../chain/verdict';
import { LEVELS } from '../../rules/rule';
import { STATEMENT_TYPE, type Statement } from '../statement';
import { definePredicate } from './predicate';

export const AUDIT_CHAIN_SEGMENT_TYPE = 'https://sealtrail.dev/attestation/audit-chain-segment/v1';
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

/** What of the chain a statement covers; the whole of it when it does not say. */
const Scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('chain') }),
  z.object({ kind: z.literal('range') }),
  z.object({ kind: z.literal('session'), id: z.string() }),
  z.object({ kind: z.literal('run'), id: z.string() }),
]);

/** A bundle another tool made over the same records, and whether it held. */
const InputAttestation = z.object({
  name: z.string(),
  predicateType: z.string().nullable(),
  digest: z.object({ sha256: Sha256 }),
  /** Null: nobody told whom to trust for it. */
  holds: z.boolean().nullable(),
  detail: z.string(),
});

/** What was checked, over which bytes, and what came of it. Specified in `audit-chain-segment.md`. */
export const AuditChainSegment = z.object({
  chain: z.object({ name: z.string(), id: z.string() }),
  format: z.string(),
  tool: z.object({ name: z.string(), version: z.string() }),
  recordRange: z.object({ first: Count, last: Count, count: Count }),
  hashes: z.object({
    algorithm: z.enum(['sha256', 'blake3']),
    previous: Hash.nullable(),
    first: Hash.nullable(),
    last: Hash.nullable(),
  }),
  countsByDecision: z.partialRecord(z.enum(DECISIONS), Count),
  scope: Scope.optional(),
  verdict: z.enum(VERDICTS),
  /** Verdict on the whole chain, when less of it is covered. */
  chainVerdict: z.enum(VERDICTS).optional(),
  problems: z.object({
    placed: z.array(PlacedProblem).max(MAX_PLACED_PROBLEMS),
    counts: z.partialRecord(z.enum(PROBLEM_CODES), Count),
  }),
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
  segments: z
    .array(
      z.object({
        name: z.string(),
        digest: z.object({ sha256: Sha256 }),
        byteOffset: Count,
        sizeBytes: Count,
        records: Count,
      }),
    )
    .min(1),
  timeRange: z.object({ first: Instant, last: Instant }).nullable(),
  verifiedAt: Instant,
  attestedAt: Instant,
  /** Merkle tree over the chain's records when it was attested, RFC 6962 with SHA-256; a leaf is a record's line without its newline. */
  tree: z.object({ size: Count, rootHash: Sha256 }).optional(),
  /** The tree head as a C2SP checkpoint, a signed note. */
  checkpoint: z.string().optional(),
  inputAttestations: z.array(InputAttestation).optional(),
  witnessedHeads: z.array(z.object({ hash: Hash, records: Count, sizeBytes: Count, observedAt: Instant })),
});
export type AuditChainSegment = z.infer<typeof AuditChainSegment>;

export type SegmentStatementInput = Omit<AuditChainSegment, 'problems'> & {
  problems: { placed: readonly Problem[]; counts: AuditChainSegment['problems']['counts'] };
  /** The uploaded files the segments come from, in order; none when less than the chain is covered. */
  files: { name: string; sha256: string }[];
  /** The bytes of exactly the records covered, when those are no whole segments. */
  excerpt?: { name: string; sha256: string };
};

/**
 * The statement on what was checked. Its subjects are the uploaded files, each segment and the excerpt by SHA-256 of their bytes, so that
 * anyone who holds the bytes can match them, and the root of the Merkle tree. Problems beyond the first 100 are only counted.
 * @throws ZodError when the input breaks the predicate's schema.
 */
export function buildSegmentStatement({ files, excerpt, problems, ...input }: SegmentStatementInput): Statement {
  const placed = problems.placed.slice(0, MAX_PLACED_PROBLEMS);
  const predicate = AuditChainSegment.parse({ ...input, problems: { placed, counts: problems.counts } });
  const segments = predicate.segments.map(({ name, digest }) => ({ name, digest }));
  const whole = [...files, ...(excerpt ? [excerpt] : [])].map(({ name, sha256 }) => ({
    name,
    digest: { sha256: Sha256.parse(sha256) },
  }));
  const root = predicate.tree ? [treeSubject(predicate.chain.name, predicate.tree)] : [];
  return {
    _type: STATEMENT_TYPE,
    subject: [...whole, ...segments, ...root],
    predicateType: AUDIT_CHAIN_SEGMENT_TYPE,
    predicate,
  };
}

/** The root is the SHA-256 of its two halves, not of a file: the annotation tells the two apart. */
export function treeSubject(
  chain: string,
  { size, rootHash }: { size: number; rootHash: string },
): Statement['subject'][number] {
  return { name: `${chain}/tree-head-${size}`, digest: { sha256: rootHash }, annotations: { tree: 'RFC 6962', size } };
}

export const auditChainSegment = definePredicate({
  type: AUDIT_CHAIN_SEGMENT_TYPE,
  label: 'Audit chain',
  schema: AuditChainSegment,
  madeAt: 'attestedAt',
  build: buildSegmentStatement,
  describe({ chain, verdict, recordRange: { first, last, count }, scope }) {
    const part = scope?.kind === 'session' || scope?.kind === 'run' ? ` of ${scope.kind} ${scope.id}` : '';
    return `${count} ${count === 1 ? 'record' : 'records'}${part} of "${chain.name}", ${first} to ${last}, ${count === 1 ? 'was' : 'were'} found ${verdict}`;
  },
});
