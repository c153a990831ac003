import 'server-only';
import type { Context } from '../context';
import type { SegmentCheck } from '../core/chain/check';
import { joinSegments, verdictOf } from '../core/chain/join';
import type { Problem, ProblemCounts } from '../core/chain/problem';
import { type Verdict, worst } from '../core/chain/verdict';
import { formatById } from '../core/formats';
import { requireChain, segmentsOf } from '../db/chains';
import { countProblems, problemsOf } from '../db/problems';
import { decisionsOf, hashesAt } from '../lake/query/of-chain';
import type { ChainScope } from '../schemas/attestation-requests';
import { VERSION } from '../config/version';
import { type Covered, coveredBy } from './covered';
import { findingsIn } from './findings-in';
import { inputAttestations } from './input-attestations';
import { requireSettled } from './require-settled';
import { standingOfPart } from './standing';

/** Problems a statement lists; it counts all of them. */
const MAX_LISTED_PROBLEMS = 100;
const PROBLEM_PAGE = 10_000;

type ChainRow = Awaited<ReturnType<typeof requireChain>>;
type Segments = Awaited<ReturnType<typeof segmentsOf>>;
export type Facts = Awaited<ReturnType<typeof gatherFacts>>;

/**
 * Everything a statement over the records of a scope says, from the rows the stages left.
 * @throws AppError NOT_FOUND, CONFLICT while a stage is still at work on the chain or nothing of it is closed, TOO_LARGE.
 */
export async function gatherFacts(ctx: Context, chainId: string, scope: ChainScope) {
  const row = await requireChain(ctx.db, chainId);
  const format = formatById(row.format);
  const all = await segmentsOf(ctx.db, chainId);
  requireSettled(row, all.length > 0);
  const covered = await coveredBy(ctx, chainId, scope, all);
  const { segments } = covered;
  const { edges, uploads, runs, findings, decisions, heads, inputs } = await rowsOf(ctx, row, scope, covered, all);
  const chain = await ofClosedSegments(ctx, row, all, edges);
  const result = (digest: string | undefined) => edges.find((edge) => edge.digest === digest)?.result;
  const problems = await problemsIn(ctx, chainId, covered, chain, all);
  const ends =
    scope.kind === 'chain'
      ? {
          first: result(all[0]?.digest)?.first?.hash ?? null,
          last: chain.head,
          previous: result(all[0]?.digest)?.first?.prev || null,
        }
      : await hashesOf(ctx, chainId, covered);
  const whole = { verdict: chain.verdict as Verdict, counts: chain.problem_counts }; // pending was refused above
  const part = { verdict: verdictOf(problems.counts), counts: problems.counts };
  const { isAsWritten, ...standing } = await standingOfPart(ctx, { format, covered, part, chain: whole });
  return {
    chain: { ...chain, verdict: whole.verdict },
    /** Verdict on the records covered. */
    verdict: scope.kind === 'chain' ? whole.verdict : isAsWritten ? part.verdict : worst(part.verdict, 'tampered'),
    /** Of the same records, for statements that say no more than passed or failed. */
    standing,
    scope,
    covered,
    format,
    segments,
    uploads,
    problems,
    runs,
    findings,
    countsByDecision: decisions.counts,
    timeRange: scope.kind === 'chain' ? spanOf(chain) : decisions.span,
    heads,
    hashes: ends,
    inputs,
    tool: { name: 'sealtrail', version: VERSION },
  };
}

/** What the stages left of a chain and of what of it is covered. */
async function rowsOf(
  ctx: Context,
  row: ChainRow,
  scope: ChainScope,
  covered: Covered<Segments[number]>,
  all: Segments,
) {
  const chainId = row.id;
  const [edges, uploads, runs, findings, decisions, heads, inputs] = await Promise.all([
    ctx.db
      .selectFrom('segment_checks')
      .select(['digest', 'result'])
      .where('format', '=', row.format)
      .where(
        'digest',
        'in',
        all.map(({ digest }) => digest),
      )
      .execute(),
    ctx.db
      .selectFrom('uploads')
      .select(['id', 'file_name', 'sha256'])
      .where('id', 'in', [...new Set(covered.segments.map(({ upload_id }) => upload_id))])
      .orderBy('id')
      .execute(),
    ctx.db
      .selectFrom('rule_runs')
      .selectAll()
      .where('chain_id', '=', chainId)
      .where('generation', '=', row.generation)
      .orderBy('rule_id')
      .execute(),
    findingsIn(ctx, chainId, covered),
    decisionsOf(
      ctx,
      chainId,
      covered,
      scope.kind === 'session' ? { session: scope.session } : scope.kind === 'run' ? { run: scope.run } : null,
    ),
    ctx.db
      .selectFrom('heads')
      .selectAll()
      .where('chain_id', '=', chainId)
      .orderBy('records')
      .orderBy('id')
      .limit(100)
      .execute(),
    inputAttestations(ctx, chainId),
  ]);
  return { edges, uploads, runs, findings, decisions, heads, inputs };
}

function spanOf({
  first_recorded_at: first,
  last_recorded_at: last,
}: ChainRow): { first: string; last: string } | null {
  return first && last ? { first, last } : null;
}

/** The chain's figures without what is still open: only what has a digest can be the subject of a statement. */
async function ofClosedSegments(
  ctx: Context,
  chain: ChainRow,
  segments: Segments,
  edges: readonly { digest: string; result: SegmentCheck }[],
): Promise<ChainRow> {
  const closedBytes = segments.reduce((sum, segment) => sum + segment.size_bytes, 0);
  if (closedBytes === chain.size_bytes) return chain;
  const results = new Map(edges.map(({ digest, result }) => [digest, result]));
  const checks = segments.flatMap(({ digest }) => results.get(digest) ?? []);
  const joined = joinSegments(formatById(chain.format), checks, []);
  const boundary = await ctx.db
    .selectFrom('boundary_problems')
    .select('code')
    .where('chain_id', '=', chain.id)
    .execute();
  const problemCounts = { ...joined.problemCounts };
  for (const { code } of boundary) problemCounts[code] ??= boundary.filter((one) => one.code === code).length;
  return {
    ...chain,
    size_bytes: closedBytes,
    records: joined.records,
    head: joined.head,
    first_recorded_at: joined.firstRecordedAt,
    last_recorded_at: joined.lastRecordedAt,
    verdict: verdictOf(problemCounts),
    problem_counts: problemCounts,
  };
}

/** The first problems by place, and all of them counted. */
async function problemsIn(
  ctx: Context,
  chainId: string,
  { first, last, picked, excerpt }: Covered<Segments[number]>,
  chain: ChainRow,
  all: Segments,
): Promise<{ placed: Problem[]; counts: ProblemCounts }> {
  const closedBytes = all.reduce((sum, segment) => sum + segment.size_bytes, 0);
  // What concerns a log as a whole is placed behind its end: only while a segment is open does what lies there belong to that.
  const endBytes =
    (await requireChain(ctx.db, chainId)).size_bytes > closedBytes ? closedBytes : Number.POSITIVE_INFINITY;
  const records = excerpt ? { first, last } : undefined;
  if (!picked) {
    const placed = await problemsOf(ctx.db, chainId, { limit: MAX_LISTED_PROBLEMS, ...(records && { records }) });
    const counts = records ? await countProblems(ctx.db, chainId, records) : chain.problem_counts;
    return {
      placed: placed.filter(({ byteOffset }) => byteOffset < endBytes).map(({ n: _, ...problem }) => problem),
      counts,
    };
  }
  const placed: Problem[] = [];
  const counts: ProblemCounts = {};
  for (let after: { byteOffset: number; n: number } | undefined; ; ) {
    const page = await problemsOf(ctx.db, chainId, { after, limit: PROBLEM_PAGE, ...(records && { records }) });
    for (const { n: _, ...problem } of page) {
      if (!picked.has(problem.record)) continue;
      counts[problem.code] = (counts[problem.code] ?? 0) + 1;
      if (placed.length < MAX_LISTED_PROBLEMS) placed.push(problem);
    }
    const end = page.at(-1);
    if (!end || page.length < PROBLEM_PAGE) return { placed, counts };
    after = { byteOffset: end.byteOffset, n: end.n };
  }
}

async function hashesOf(ctx: Context, chainId: string, { first, last }: Covered<Segments[number]>) {
  const rows = await hashesAt(ctx, [chainId], [first, last]);
  return { previous: rows[0]?.prev || null, first: rows[0]?.hash || null, last: rows.at(-1)?.hash || null };
}
