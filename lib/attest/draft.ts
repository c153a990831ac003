import 'server-only';
import type { Context } from '../context';
import type { Verdict } from '../core/chain/verdict';
import { AppError } from '../core/errors';
import type { Statement } from '../core/statements/statement';
import type { ExcerptPlace } from '../db/attestation-tables';
import type { ChainScope } from '../schemas/attestation-requests';
import { gatherFacts } from './facts';
import { policyOf } from './policy/policy';
import { companionStatements } from './companions';
import { runStatements } from './run-statement';
import { type TreeHead, ownStatement } from './statements';
import { chainCheckpoint } from './tree/chain-checkpoint';
import { headOf, openChainTree } from './tree/chain-tree';

/** Ranges of an excerpt that are kept; one of more can be had as long as the chain holds the same records. */
const MAX_KEPT_RANGES = 50_000;

/** What an attestation says and covers, before it is signed. */
export type Drafted = {
  /** Ours first. */
  statements: Statement[];
  generation: number;
  verdict: Verdict;
  /** Inclusive ordinals; of several chains both are 0. */
  covered: { first: number; last: number; count: number };
  /** Null for several chains. */
  tree: TreeHead | null;
  /** Of part of a chain, where exactly its bytes lie. */
  excerpt: ExcerptPlace | null;
  segments: { digest: string /** All of its records are covered. */; whole: boolean }[];
  chains: { chainId: string; verdict: Verdict; first: number; last: number; count: number }[];
  /** Segments that were read back whole for it. */
  proven: readonly string[];
};

/**
 * The statements on the records of a scope, as the chain stands; the generation, when given, is the one they must be about.
 * @throws AppError NOT_FOUND, CONFLICT while a stage is still at work on the chain or when it went on, TOO_LARGE.
 */
export async function draftChain(
  ctx: Context,
  {
    attestationId,
    chainId,
    scope,
    generation,
  }: { attestationId: string; chainId: string; scope: ChainScope; generation: number | null },
  at: Date,
): Promise<Drafted> {
  const facts = await gatherFacts(ctx, chainId, scope);
  if (generation !== null && facts.chain.generation !== generation)
    throw new AppError('CONFLICT', 'the chain went on meanwhile', { chainId });
  const { predicates } = await policyOf(ctx, { chainId });
  const opened = await openChainTree(ctx, chainId);
  const tree = await headOf(opened, facts.chain.records);
  const checkpoint = await chainCheckpoint(ctx, chainId, tree);
  const statements = [
    ownStatement({ facts, tree, checkpoint, at }),
    ...(await companionStatements(ctx, { attestationId, facts, tree, at }, predicates)),
  ];
  // Whenever a run is what is asked for: the tool's own verifiers look for nothing else.
  if (scope.kind === 'run') statements.push(...(await runStatements(ctx, facts, scope.run, at)));
  const { first, last, count, picked, excerpt } = facts.covered;
  return {
    statements,
    generation: facts.chain.generation,
    verdict: facts.verdict,
    covered: { first, last, count },
    tree,
    excerpt:
      excerpt && excerpt.ranges.length <= MAX_KEPT_RANGES
        ? {
            ranges: excerpt.ranges,
            sizeBytes: excerpt.sizeBytes,
            segments: facts.segments.map(({ digest, byte_offset, size_bytes }) => ({
              digest,
              byte_offset,
              size_bytes,
            })),
          }
        : null,
    segments: facts.segments.map((segment) => ({
      digest: segment.digest,
      whole: picked === null && first <= segment.first_record && last >= segment.first_record + segment.records - 1,
    })),
    chains: [{ chainId, verdict: facts.verdict, first, last, count }],
    proven: opened.proven,
  };
}
