import 'server-only';
import type { z } from 'zod';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import { type Summary, summarise, summaryLines } from '../core/chain/validation-summary';
import type { ChainVerdict } from '../core/chain/verdict';
import { compareInstants } from '../core/time';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { damageOfChain } from '../db/evidence-damage';
import { problemsOf } from '../db/problems';
import type { ChainsTable } from '../db/schema';
import type { Range } from '../lake/query/events';
import type { ChainSummary, Problem, SummaryQuery } from '../schemas/chains';
import { type PeriodFigures, periodFigures } from './period-figures';
import { REPORTED_GAP_SECONDS, countValid } from './summarise';

const REPORTED_PROBLEMS = 100;
const NOTHING: PeriodFigures = { total: 0, valid: 0, found: null, counts: {} };

/** What was asked of a chain and what was found in it. @throws AppError NOT_FOUND; CONFLICT while the chain is not checked, or not loaded when a range is asked for. */
export async function chainSummary(
  ctx: Context,
  { chainId, from, to }: z.output<typeof SummaryQuery> & { chainId: string },
): Promise<ChainSummary> {
  const chain = await requireChain(ctx.db, chainId);
  if (chain.verified_generation !== chain.generation)
    throw new AppError('CONFLICT', 'the chain is still being checked; ask again when its verdict is there', {
      chainId,
    });
  const requested: Range | null = from || to ? { from: from ?? null, to: to ?? null } : null;
  if (requested) return ofRange(ctx, chain, requested);
  const whole = summarise(
    factsOf(chain, { total: chain.records, valid: await countValid(ctx, chain) }, null),
    null,
    REPORTED_GAP_SECONDS,
  );
  const problems = (await problemsOf(ctx.db, chainId, { limit: REPORTED_PROBLEMS })).map(
    ({ n: _, ...problem }) => problem,
  );
  return {
    verdict: await answered(ctx, chain),
    ...whole,
    problemCounts: chain.problem_counts,
    problems,
    lines: summaryLines(whole),
  };
}

async function answered({ db }: Context, { id, verdict }: Pick<ChainFacts, 'id' | 'verdict'>): Promise<ChainVerdict> {
  return (await damageOfChain(db, id)).length > 0 ? 'damaged' : verdict;
}

async function ofRange(
  ctx: Context,
  chain: ChainFacts & Pick<Selectable<ChainsTable>, 'generation' | 'loaded_generation'>,
  requested: Range,
): Promise<ChainSummary> {
  if (chain.loaded_generation !== chain.generation)
    throw new AppError('CONFLICT', 'the records are still being loaded; ask again shortly', { chainId: chain.id });
  const problems: Problem[] = [];
  const figures = await periodFigures(ctx, [chain], requested, (_, problem) => {
    if (problems.length < REPORTED_PROBLEMS) problems.push(problem);
  });
  const of = figures.get(chain.id) ?? NOTHING;
  const summary = rangeSummary(chain, requested, of);
  return {
    verdict: summary.found === null ? null : await answered(ctx, chain),
    ...summary,
    problemCounts: of.counts,
    problems,
    lines: summaryLines(summary),
  };
}

/** A chain's figures in a range with what of its gaps in time reaches into it. */
export function rangeSummary(chain: ChainFacts, requested: Range, figures: PeriodFigures): Summary {
  return { ...summarise(factsOf(chain, figures, requested), requested, REPORTED_GAP_SECONDS), found: figures.found };
}

type ChainFacts = Pick<
  Selectable<ChainsTable>,
  'id' | 'records' | 'verdict' | 'first_recorded_at' | 'last_recorded_at' | 'time_gaps' | 'time_steps' | 'untimed'
>;

function factsOf(chain: ChainFacts, { total, valid }: Pick<PeriodFigures, 'total' | 'valid'>, requested: Range | null) {
  return {
    records: total,
    validRecords: valid,
    firstRecordedAt: chain.first_recorded_at,
    lastRecordedAt: chain.last_recorded_at,
    timeGaps: (chain.time_gaps ?? []).filter((gap) => reaches(gap, requested)),
    timeSteps: chain.time_steps ?? { count: 0, largest: [] },
    untimed: chain.untimed ?? { count: 0, first: null },
  };
}

function reaches(gap: { from: string; to: string }, requested: Range | null): boolean {
  return (
    (!requested?.from || compareInstants(gap.to, requested.from) > 0) &&
    (!requested?.to || compareInstants(gap.from, requested.to) < 0)
  );
}
