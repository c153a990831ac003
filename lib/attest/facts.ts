import 'server-only';
import type { Context } from '../context';
import type { Decision } from '../core/chain/event';
import { formatById } from '../core/formats';
import { requireChain, segmentsOf } from '../db/chains';
import { problemsOf } from '../db/problems';
import { VERSION } from '../version';

/** Problems a statement places; it counts all of them. */
const PLACED_PROBLEMS = 100;

export type Facts = Awaited<ReturnType<typeof gatherFacts>>;

/** Everything a statement over the chain as it stands says, from the rows the stages left. @throws AppError NOT_FOUND. */
export async function gatherFacts(ctx: Context, chainId: string) {
  const chain = await requireChain(ctx.db, chainId);
  const format = formatById(chain.format);
  const segments = await segmentsOf(ctx.db, chainId);
  const [edges, uploads, problems, runs, findings, countsByDecision, heads] = await Promise.all([
    ctx.db
      .selectFrom('segment_checks')
      .select(['digest', 'result'])
      .where('format', '=', chain.format)
      .where('digest', 'in', segments.map(({ digest }) => digest))
      .execute(),
    ctx.db
      .selectFrom('uploads')
      .select(['file_name', 'sha256'])
      .where('id', 'in', [...new Set(segments.map(({ upload_id }) => upload_id))])
      .orderBy('id')
      .execute(),
    problemsOf(ctx.db, chainId, { limit: PLACED_PROBLEMS }),
    ctx.db.selectFrom('rule_runs').selectAll().where('chain_id', '=', chainId).where('generation', '=', chain.generation).orderBy('rule_id').execute(),
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
    decisions(ctx, chainId),
    ctx.db.selectFrom('heads').selectAll().where('chain_id', '=', chainId).orderBy('records').orderBy('id').limit(100).execute(),
  ]);
  const check = (digest: string | undefined) => edges.find((edge) => edge.digest === digest)?.result;
  return {
    chain,
    format,
    segments,
    uploads,
    problems: problems.map(({ n: _, ...problem }) => problem),
    runs,
    findings,
    countsByDecision,
    heads,
    // A first record that names no predecessor has none.
    hashes: { previous: check(segments[0]?.digest)?.first?.prev || null, first: check(segments[0]?.digest)?.first?.hash ?? null, last: chain.head },
    tool: { name: 'sealtrail', version: VERSION },
  };
}

async function decisions(ctx: Context, chainId: string): Promise<Partial<Record<Decision, number>>> {
  const result = await ctx.lake.query({
    query: 'SELECT decision, uniqExact(ordinal) AS records FROM events WHERE chain_id = {chainId: UUID} GROUP BY decision ORDER BY decision',
    query_params: { chainId },
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ decision: Decision; records: number }>();
  return Object.fromEntries(rows.map(({ decision, records }) => [decision, records]));
}
