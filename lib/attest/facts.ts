import 'server-only';
import type { Context } from '../context';
import type { SegmentCheck } from '../core/chain/check';
import type { Decision } from '../core/chain/event';
import { joinSegments, verdictOf } from '../core/chain/join';
import { formatById } from '../core/formats';
import { requireChain, segmentsOf } from '../db/chains';
import { problemsOf } from '../db/problems';
import { VERSION } from '../version';

/** Problems a statement places; it counts all of them. */
const PLACED_PROBLEMS = 100;

type ChainRow = Awaited<ReturnType<typeof requireChain>>;
type Segments = Awaited<ReturnType<typeof segmentsOf>>;
export type Facts = Awaited<ReturnType<typeof gatherFacts>>;

/** Everything a statement over the chain as it stands says, from the rows the stages left. @throws AppError NOT_FOUND. */
export async function gatherFacts(ctx: Context, chainId: string) {
  const row = await requireChain(ctx.db, chainId);
  const format = formatById(row.format);
  const segments = await segmentsOf(ctx.db, chainId);
  const [edges, uploads, problems, runs, findings, countsByDecision, heads] = await Promise.all([
    ctx.db
      .selectFrom('segment_checks')
      .select(['digest', 'result'])
      .where('format', '=', row.format)
      .where('digest', 'in', segments.map(({ digest }) => digest))
      .execute(),
    ctx.db
      .selectFrom('uploads')
      .select(['file_name', 'sha256'])
      .where('id', 'in', [...new Set(segments.map(({ upload_id }) => upload_id))])
      .orderBy('id')
      .execute(),
    problemsOf(ctx.db, chainId, { limit: PLACED_PROBLEMS }),
    ctx.db.selectFrom('rule_runs').selectAll().where('chain_id', '=', chainId).where('generation', '=', row.generation).orderBy('rule_id').execute(),
    ctx.db
      .selectFrom('findings as f')
      .innerJoin('finding_chains as c', 'c.finding_id', 'f.id')
      .where('c.chain_id', '=', chainId)
      .where('f.superseded_at', 'is', null)
      .selectAll('f')
      .select('c.ordinals')
      .orderBy('f.window_from')
      .orderBy('f.rule_id')
      .orderBy('f.group_key')
      .execute(),
    decisions(ctx, chainId, segments.reduce((sum, segment) => sum + segment.records, 0)),
    ctx.db.selectFrom('heads').selectAll().where('chain_id', '=', chainId).orderBy('records').orderBy('id').limit(100).execute(),
  ]);
  const chain = await ofClosedSegments(ctx, row, segments, edges);
  const closedBytes = segments.reduce((sum, segment) => sum + segment.size_bytes, 0);
  const check = (digest: string | undefined) => edges.find((edge) => edge.digest === digest)?.result;
  return {
    chain,
    format,
    segments,
    uploads,
    problems: problems.filter(({ byteOffset }) => byteOffset < closedBytes).map(({ n: _, ...problem }) => problem),
    runs,
    findings,
    countsByDecision,
    heads,
    // A first record that names no predecessor has none.
    hashes: { previous: check(segments[0]?.digest)?.first?.prev || null, first: check(segments[0]?.digest)?.first?.hash ?? null, last: chain.head },
    tool: { name: 'sealtrail', version: VERSION },
  };
}

/** The chain's figures without what is still open: only what has a digest can be the subject of a statement. */
async function ofClosedSegments(ctx: Context, chain: ChainRow, segments: Segments, edges: readonly { digest: string; result: SegmentCheck }[]): Promise<ChainRow> {
  const closedBytes = segments.reduce((sum, segment) => sum + segment.size_bytes, 0);
  if (closedBytes === chain.size_bytes) return chain;
  const results = new Map(edges.map(({ digest, result }) => [digest, result]));
  const checks = segments.flatMap(({ digest }) => results.get(digest) ?? []);
  const joined = joinSegments(formatById(chain.format), checks, []);
  const joint = await ctx.db.selectFrom('joint_problems').select('code').where('chain_id', '=', chain.id).execute();
  const problemCounts = { ...joined.problemCounts };
  for (const { code } of joint) problemCounts[code] ??= joint.filter((one) => one.code === code).length;
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

async function decisions(ctx: Context, chainId: string, records: number): Promise<Partial<Record<Decision, number>>> {
  const result = await ctx.lake.query({
    query: 'SELECT decision, uniqExact(ordinal) AS records FROM events WHERE chain_id = {chainId: UUID} AND ordinal < {records: UInt64} GROUP BY decision ORDER BY decision',
    query_params: { chainId, records },
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ decision: Decision; records: number }>();
  return Object.fromEntries(rows.map(({ decision, records }) => [decision, records]));
}
