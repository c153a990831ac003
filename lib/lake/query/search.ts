import 'server-only';
import { randomUUID } from 'node:crypto';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { DECISIONS, type Decision } from '../../core/event/fields';
import type { Search } from '../../core/search/search';
import { type Parameters, type SearchSqlOptions, searchSql } from '../../core/search/sql';
import type { Period } from '../../schemas/common';
import { instant } from '../time';
import { type Bounds, EVENTS, IN_PERIOD, IS_OF_FLEET, IS_TIMED, type Limits, periodParameters, select } from './events';
import { EVERY_RECORD, type RecordScope, isEveryRecord } from '../../core/search/record-scope';
import { inScope } from './scope';
import { type Damaged, NO_DAMAGE, damageParameters, integrityOf } from './integrity';

/** What bounds a search: a period, of which records are found that state a time in it; a chain, of which all are; or both. None is ever without. */
type SearchBounds = { period: Period; chainId: string | null } | { period: null; chainId: string };

/** What is searched. */
export type Searched = SearchBounds & {
  search: Search;
  /** Ids of the chains a pattern names. */
  chains: SearchSqlOptions['chains'];
  damaged: Damaged;
  /** Of every record where it is left out. */
  scope?: RecordScope | undefined;
  /** What the ids of its queries begin with. */
  run?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** A search of ours over a period, which names no chain; integrity is as it was loaded. */
export function searchedIn(
  period: Period,
  search: Search = { kind: 'all' },
  scope?: RecordScope,
): Searched & { period: Period } {
  return { period, chainId: null, search, chains: () => [], damaged: NO_DAMAGE, scope };
}

/** What one question may cost the lake. */
const SEARCH_SECONDS = 20;
export const ONE_QUESTION: Limits = {
  max_execution_time: SEARCH_SECONDS,
  timeout_overflow_mode: 'throw',
  max_memory_usage: '2000000000',
};
const LIMITS: Limits = { ...ONE_QUESTION, max_result_rows: '10000' };
/** Codes of ClickHouse for a question that costs more: rows, time and memory. */
const TOO_MUCH = new Set(['158', '159', '160', '241', '396']);

/** How many are found, and how many of them state a time, from the first to the last of which is `period`; null when none does. */
export async function extentOf(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
): Promise<{ total: number; timed: number; period: Period | null }> {
  const { condition, parameters } = conditionOf(searched);
  const [row] = await answerOf<{ total: number; timed: number; first: string; last: string }>(
    ctx,
    searched,
    `SELECT count() AS total, countIf(${IS_TIMED}) AS timed, toString(minIf(recorded_at, ${IS_TIMED})) AS first, toString(maxIf(recorded_at, ${IS_TIMED})) AS last
      FROM ${EVENTS} WHERE ${condition}`,
    parameters,
  );
  if (!row || row.timed === 0) return { total: row?.total ?? 0, timed: 0, period: null };
  const end = instant(row.last).getTime() + 1; // half-open, and to the millisecond
  return {
    total: row.total,
    timed: row.timed,
    period: { from: instant(row.first).toISOString(), to: new Date(end).toISOString() },
  };
}

/**
 * How many are found by decision and step; `at` is the beginning of the step in Unix seconds. Step and decision are one small number to the engine,
 * which counts by it in half the time. A word that is no decision, which nothing of ours writes, counts as `info`.
 */
export async function histogramOf(
  ctx: Pick<Context, 'lake'>,
  searched: Searched & { period: Period },
  stepSeconds: number,
): Promise<{ at: number; decision: Decision; records: number }[]> {
  const { condition, parameters } = conditionOf(searched);
  const first = Math.floor(Date.parse(searched.period.from) / 1000 / stepSeconds);
  const rows = await answerOf<{ cell: number; records: number }>(
    ctx,
    searched,
    `SELECT toUInt16((intDiv(toUnixTimestamp64Micro(recorded_at), {stepMicros: Int64}) - {firstStep: Int64}) * ${DECISIONS.length}
          + transform(decision, {decisions: Array(String)}, range(${DECISIONS.length}), ${DECISIONS.indexOf('info')})) AS cell,
        count() AS records
      FROM ${EVENTS} WHERE ${condition} GROUP BY cell`,
    { ...parameters, stepMicros: stepSeconds * 1_000_000, firstStep: first, decisions: [...DECISIONS] },
  );
  return rows.map(({ cell, records }) => ({
    at: (first + Math.floor(cell / DECISIONS.length)) * stepSeconds,
    decision: DECISIONS[cell % DECISIONS.length] ?? 'info',
    records,
  }));
}

/** What is found, as a condition, with its parameters. */
export function conditionOf({ period, chainId, search, chains, damaged, scope = EVERY_RECORD }: Searched): {
  condition: string;
  parameters: Parameters;
} {
  const parameters: Parameters = {
    ...(period && periodParameters(period)),
    ...(chainId !== null && { chain: chainId }),
    ...damageParameters(damaged),
    ...inScope(scope).parameters,
  };
  const found = searchSql(search, parameters, {
    chains,
    column: (name) => (name === 'integrity' ? integrityOf(damaged) : name),
  });
  const bounds = [
    chainId === null ? IS_OF_FLEET : 'chain_id = {chain: UUID}',
    ...(period ? [IN_PERIOD] : []),
    ...(isEveryRecord(scope) ? [] : [inScope(scope).condition]),
  ];
  return { condition: [...bounds, found].join(' AND '), parameters };
}

/** Rows of a question that costs no more than a search may. @throws AppError SEARCH_TOO_LARGE. */
export async function answerOf<Row>(
  ctx: Pick<Context, 'lake'>,
  { signal, run }: Pick<Searched, 'signal' | 'run'>,
  query: string,
  parameters: Readonly<Record<string, unknown>>,
  bounds: Pick<Bounds, 'mayRepeat'> = {},
): Promise<Row[]> {
  try {
    return await select<Row>(ctx, query, parameters, {
      ...bounds,
      limits: LIMITS,
      signal,
      ...(run && { queryId: `${run}${randomUUID()}` }),
    });
  } catch (error) {
    throw tooLarge(error, 'this search');
  }
}

/** A failure of the lake; of a question that costs more than one may, what says so. */
export function tooLarge(error: unknown, what: string): unknown {
  if (!(error instanceof ClickHouseError && TOO_MUCH.has(error.code))) return error;
  return new AppError(
    'SEARCH_TOO_LARGE',
    `${what} would take more than ${SEARCH_SECONDS} s or 2 GB of memory: take a shorter period, or add a filter`,
    { seconds: SEARCH_SECONDS },
    { cause: error },
  );
}
