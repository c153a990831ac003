import 'server-only';
import type { Context } from '../context';
import { type Verdict, worst } from '../core/chain/verdict';
import { AppError } from '../core/errors';
import type { Level } from '../core/rules/rule';
import { type AuditPeriod, buildPeriodStatement } from '../core/statements/predicates/audit-period';
import { requireChain, segmentsOf } from '../db/chains';
import { closedInPeriod } from '../lake/query/by-chain';
import type { PeriodScope } from '../schemas/attestation-requests';
import { VERSION } from '../config/version';
import type { Drafted } from './draft';
import { treeHead } from './tree/chain-tree';

/** Chains one statement speaks of. */
const MAX_CHAINS = 200;
const MAX_FINDINGS = 1000;

/**
 * The statement on what several chains recorded in a period, each as it stands now. @throws AppError NOT_FOUND when none recorded anything,
 * CONFLICT while a stage is still at work on one of them, TOO_LARGE for more than 200 chains or 1,000 findings.
 */
export async function draftPeriod(ctx: Context, scope: PeriodScope, at: Date): Promise<Drafted> {
  const reached = await closedInPeriod(ctx, scope, scope.chainIds, MAX_CHAINS + 1);
  if (reached.length === 0)
    throw new AppError('NOT_FOUND', 'no closed segment holds a record of this period', {
      from: scope.from,
      to: scope.to,
    });
  if (reached.length > MAX_CHAINS)
    throw new AppError(
      'TOO_LARGE',
      `more than ${MAX_CHAINS} chains recorded something in this period; name those to attest, or ask for less time`,
      { limit: MAX_CHAINS },
    );
  const chains: AuditPeriod['chains'] = [];
  const drafted: Drafted['chains'] = [];
  for (const { chainId, first, last, count } of reached) {
    const { part, verdict } = await partOf(ctx, chainId, { first, last, count });
    chains.push(part);
    drafted.push({ chainId, verdict, first, last, count });
  }
  const verdict = drafted.map((chain) => chain.verdict).reduce(worst);
  const statement = buildPeriodStatement({
    period: { from: scope.from, to: scope.to },
    tool: { name: 'sealtrail', version: VERSION },
    verdict,
    chains,
    ...(await found(ctx, scope, drafted)),
    attestedAt: at.toISOString(),
  });
  const segments = new Set(chains.flatMap((chain) => chain.segments.map(({ digest }) => digest.sha256)));
  return {
    statements: [statement],
    generation: 0,
    verdict,
    covered: { first: 0, last: 0, count: drafted.reduce((sum, chain) => sum + chain.count, 0) },
    tree: null,
    excerpt: null,
    segments: [...segments].map((digest) => ({ digest, whole: false })),
    chains: drafted,
    proven: [],
  };
}

async function partOf(
  ctx: Context,
  chainId: string,
  range: { first: number; last: number; count: number },
): Promise<{ part: AuditPeriod['chains'][number]; verdict: Verdict }> {
  const chain = await requireChain(ctx.db, chainId);
  if (chain.verdict === 'pending' || chain.detected_generation !== chain.generation)
    throw new AppError('CONFLICT', `"${chain.name}" is still being verified, loaded or searched`, { chainId });
  const segments = await segmentsOf(ctx.db, chainId);
  const records = segments.reduce((sum, segment) => sum + segment.records, 0);
  const touched = segments.filter(
    (segment) => segment.first_record <= range.last && segment.first_record + segment.records > range.first,
  );
  return {
    verdict: chain.verdict,
    part: {
      chain: { name: chain.name, id: chain.id },
      format: chain.format,
      verdict: chain.verdict,
      problemCounts: chain.problem_counts,
      recordRange: range,
      segments: touched.map(({ digest }) => ({ name: `${digest}.jsonl`, digest: { sha256: digest } })),
      tree: await treeHead(ctx, { chainId, records }),
    },
  };
}

/** Every rule that ran over the chains as they stand, and what was found in the period. */
async function found(
  ctx: Context,
  { from, to }: PeriodScope,
  chains: Drafted['chains'],
): Promise<Pick<AuditPeriod, 'rules' | 'findings' | 'findingsByLevel'>> {
  const ids = chains.map(({ chainId }) => chainId);
  const runs = await ctx.db
    .selectFrom('rule_runs as r')
    .innerJoin('chains as c', (join) =>
      join.onRef('c.id', '=', 'r.chain_id').onRef('c.generation', '=', 'r.generation'),
    )
    .where('c.id', 'in', ids)
    .select(['r.rule_id as id', 'r.rule_name as name', 'r.rule_digest as sha256'])
    .distinct()
    .orderBy('r.rule_id')
    .orderBy('r.rule_digest')
    .execute();
  const rows = await ctx.db
    .selectFrom('findings as f')
    .where('f.superseded_at', 'is', null)
    .where('f.window_from', '<', new Date(to))
    .where('f.window_to', '>', new Date(from))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('finding_chains as x')
          .whereRef('x.finding_id', '=', 'f.id')
          .where('x.chain_id', 'in', ids)
          .select('x.finding_id'),
      ),
    )
    .selectAll('f')
    .orderBy('f.window_from')
    .orderBy('f.rule_id')
    .orderBy('f.group_key')
    .limit(MAX_FINDINGS + 1)
    .execute();
  if (rows.length > MAX_FINDINGS)
    throw new AppError('TOO_LARGE', `there are more than ${MAX_FINDINGS} findings in this period; ask for less time`, {
      limit: MAX_FINDINGS,
    });
  const about =
    rows.length === 0
      ? []
      : await ctx.db
          .selectFrom('finding_chains')
          .select(['finding_id', 'chain_id'])
          .where(
            'finding_id',
            'in',
            rows.map(({ id }) => id),
          )
          .where('chain_id', 'in', ids)
          .orderBy('chain_id')
          .execute();
  const byLevel: Partial<Record<Level, number>> = {};
  for (const { level } of rows) byLevel[level] = (byLevel[level] ?? 0) + 1;
  return {
    rules: runs.map(({ id, name, sha256 }) => ({ id, name, digest: { sha256 } })),
    findingsByLevel: byLevel,
    findings: rows.map((finding) => ({
      id: finding.id,
      rule: finding.rule_id,
      level: finding.level,
      window: { from: finding.window_from.toISOString(), to: finding.window_to.toISOString() },
      chains: about.filter((row) => row.finding_id === finding.id).map((row) => row.chain_id),
    })),
  };
}
