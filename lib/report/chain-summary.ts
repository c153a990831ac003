import 'server-only';
import type { z } from 'zod';
import type { Context } from '../context';
import type { ProblemCounts } from '../core/chain/problem';
import { summarise, summaryLines } from '../core/chain/validation-summary';
import { compareInstants } from '../core/time';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { problemsOf } from '../db/problems';
import type { ChainSummary, Problem, SummaryQuery } from '../schemas/chains';
import { lakeInstant } from './buckets';
import { TOLD_GAP_SECONDS, countValid } from './summarise';

const TOLD_PROBLEMS = 100;
const PAGE = 10_000;

type Range = { from: string | null; to: string | null };

/** What was asked of a chain and what was found in it. @throws AppError NOT_FOUND; CONFLICT while the chain is not checked, or not loaded when a range is asked for. */
export async function chainSummary(ctx: Context, { chainId, from, to }: z.output<typeof SummaryQuery> & { chainId: string }): Promise<ChainSummary> {
  const chain = await requireChain(ctx.db, chainId);
  if (chain.verified_generation !== chain.generation) throw new AppError('CONFLICT', 'the chain is still being checked; ask again when its verdict is there', { chainId });
  const asked: Range | null = from || to ? { from: from ?? null, to: to ?? null } : null;
  if (asked && chain.loaded_generation !== chain.generation) throw new AppError('CONFLICT', 'the records are still being loaded; ask again shortly', { chainId });
  const { problems, counts, altered } = await problemsIn(ctx, chain, asked);
  const counted = asked ? await recordsIn(ctx, chainId, asked) : null;
  const total = counted?.total ?? chain.records;
  const valid = counted ? counted.hashed - altered : await countValid(ctx, chain);
  const whole = { records: total, validRecords: valid, firstRecordedAt: chain.first_recorded_at, lastRecordedAt: chain.last_recorded_at, timeGaps: (chain.time_gaps ?? []).filter((gap) => reaches(gap, asked)), timeSteps: chain.time_steps ?? { count: 0, largest: [] }, untimed: chain.untimed ?? { count: 0, first: null } };
  const found = counted ? counted.found : undefined;
  const told = summarise(whole, asked, TOLD_GAP_SECONDS);
  const summary = found === undefined ? told : { ...told, found };
  const isEmpty = asked !== null && summary.found === null;
  return { verdict: isEmpty ? null : chain.verdict, ...summary, problemCounts: asked ? counts : chain.problem_counts, problems, lines: summaryLines(summary) };
}

function reaches(gap: { from: string; to: string }, asked: Range | null): boolean {
  return (!asked?.from || compareInstants(gap.to, asked.from) > 0) && (!asked?.to || compareInstants(gap.from, asked.to) < 0);
}

const KNOWN_TIME = `chain_id = {chainId: UUID} AND recorded_at > toDateTime64(0, 6, 'UTC')`;

function conditionOf({ from, to }: Range): string {
  return [KNOWN_TIME, ...(from ? [`recorded_at >= {from: DateTime64(6, 'UTC')}`] : []), ...(to ? [`recorded_at < {to: DateTime64(6, 'UTC')}`] : [])].join(' AND ');
}

function parametersOf({ from, to }: Range): Record<string, string> {
  return { ...(from && { from: lakeInstant(from) }), ...(to && { to: lakeInstant(to) }) };
}

/** Records of the range, those of them that carry a hash, and the first and last time they state. */
async function recordsIn(ctx: Context, chainId: string, asked: Range): Promise<{ total: number; hashed: number; found: { from: string; to: string } | null }> {
  const result = await ctx.lake.query({
    query: `SELECT uniqExact(ordinal) AS total, uniqExactIf(ordinal, hash != '') AS hashed, min(recorded_at) AS first, max(recorded_at) AS last FROM events WHERE ${conditionOf(asked)}`,
    query_params: { chainId, ...parametersOf(asked) },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ total: number; hashed: number; first: string; last: string }>();
  if (!row || row.total === 0) return { total: 0, hashed: 0, found: null };
  return { total: row.total, hashed: row.hashed, found: { from: brief(row.first), to: brief(row.last) } };
}

/** A fraction without the zeros the lake fills it up with. */
function brief(instant: string): string {
  return instant.replace(/(?:\.0+|(\.\d*?)0+)Z$/, '$1Z');
}

/** Problems at records of the range, and how many records there do not hash. Without a range the first ones alone. */
async function problemsIn(ctx: Context, chain: { id: string; records: number }, asked: Range | null): Promise<{ problems: Problem[]; counts: ProblemCounts; altered: number }> {
  const told: Problem[] = [];
  const counts: ProblemCounts = {};
  const altered = new Set<number>();
  for (let after: { byteOffset: number; n: number } | undefined; ; ) {
    const page = await problemsOf(ctx.db, chain.id, { after, limit: asked ? PAGE : TOLD_PROBLEMS });
    // What is past the last record is told where that lies.
    const placeOf = ({ record }: Problem) => Math.min(record, Math.max(0, chain.records - 1));
    const within = asked ? await ordinalsIn(ctx, chain.id, asked, page.map(placeOf)) : null;
    for (const { n: _, ...problem } of page) {
      if (within && !within.has(placeOf(problem))) continue;
      counts[problem.code] = (counts[problem.code] ?? 0) + 1;
      if (problem.code === 'hash-mismatch') altered.add(problem.record);
      if (told.length < TOLD_PROBLEMS) told.push(problem);
    }
    const last = page.at(-1);
    if (!asked || !last || page.length < PAGE) return { problems: told, counts, altered: altered.size };
    after = { byteOffset: last.byteOffset, n: last.n };
  }
}

async function ordinalsIn(ctx: Context, chainId: string, asked: Range, ordinals: readonly number[]): Promise<Set<number>> {
  if (ordinals.length === 0) return new Set();
  const result = await ctx.lake.query({
    query: `SELECT ordinal FROM events WHERE ${conditionOf(asked)} AND ordinal IN {ordinals: Array(UInt64)}`,
    query_params: { chainId, ...parametersOf(asked), ordinals: [...new Set(ordinals)] },
    format: 'JSONEachRow',
  });
  return new Set((await result.json<{ ordinal: number }>()).map(({ ordinal }) => ordinal));
}
