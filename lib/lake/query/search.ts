import 'server-only';
import { randomUUID } from 'node:crypto';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Decision } from '../../core/event/fields';
import type { ColumnName } from '../../core/search/fields';
import type { Search } from '../../core/search/search';
import { type Parameters, type SearchSqlOptions, searchSql } from '../../core/search/sql';
import type { ChainRecord } from '../../schemas/chains';
import type { Period } from '../../schemas/common';
import { instant, lakeInstant } from '../time';
import { EVENTS, IN_PERIOD, IS_TIMED, type Limits, periodParameters, select } from './events';
import { type Damaged, INTEGRITY, NO_DAMAGE, damageParameters } from './integrity';
import { RECORD_COLUMNS, shownRecord } from './page';

/** What bounds a search: a period, of which records are found that state a time in it; a chain, of which all are; or both. None is ever without. */
type SearchBounds = { period: Period; chainId: string | null } | { period: null; chainId: string };

/** What is searched. */
export type Searched = SearchBounds & {
  search: Search;
  /** Ids of the chains a pattern names. */
  chains: SearchSqlOptions['chains'];
  damaged: Damaged;
  /** What the ids of its queries begin with. */
  run?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** A search of ours over a period, which names no chain; integrity is as it was loaded. */
export function searchedIn(period: Period, search: Search = { kind: 'all' }): Searched {
  return { period, chainId: null, search, chains: () => [], damaged: NO_DAMAGE };
}

/** A place between two records, newest first. */
export type EventPlace = { recordedAt: string; chainId: string; ordinal: number };

/** What one question may cost the lake. */
const SEARCH_SECONDS = 20;
const LIMITS: Limits = {
  max_execution_time: SEARCH_SECONDS,
  timeout_overflow_mode: 'throw',
  max_memory_usage: '2000000000',
  max_result_rows: '10000',
};
/** Codes of ClickHouse for a question that costs more: rows, time and memory. */
const TOO_MUCH = new Set(['158', '159', '160', '241', '396']);

const SHOWN_COLUMNS = RECORD_COLUMNS.map(
  ({ name, key }) => `${name === 'integrity' ? INTEGRITY : name} AS ${key}`,
).join(', ');

/** Records that are found, newest first, from behind a place on. */
export async function pageOfEvents(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  { after, limit }: { after: EventPlace | null; limit: number },
): Promise<ChainRecord[]> {
  const { condition, parameters } = conditionOf(searched);
  const behind = after
    ? `AND (recorded_at, chain_id, ordinal) < ({afterTime: DateTime64(6, 'UTC')}, {afterChain: UUID}, {afterOrdinal: UInt64})`
    : '';
  const rows = await answerOf<ChainRecord>(
    ctx,
    searched,
    `SELECT ${SHOWN_COLUMNS}
      FROM ${EVENTS} WHERE ${condition} ${behind} ORDER BY recorded_at DESC, chain_id DESC, ordinal DESC LIMIT {limit: UInt32}`,
    {
      ...parameters,
      limit,
      ...(after && {
        afterTime: lakeInstant(after.recordedAt),
        afterChain: after.chainId,
        afterOrdinal: after.ordinal,
      }),
    },
  );
  return rows.map(shownRecord);
}

/** Records of the chain that are found, in their order in it, from an ordinal on. */
export async function pageInChain(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  { from, limit }: { from: number; limit: number },
): Promise<ChainRecord[]> {
  const { condition, parameters } = conditionOf(searched);
  const rows = await answerOf<ChainRecord>(
    ctx,
    searched,
    `SELECT ${SHOWN_COLUMNS} FROM ${EVENTS} WHERE ${condition} AND ordinal >= {first: UInt64} ORDER BY ordinal LIMIT {limit: UInt32}`,
    { ...parameters, first: from, limit },
  );
  return rows.map(shownRecord);
}

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

/** How many are found by decision and step; `at` is the beginning of the step in Unix seconds. */
export async function histogramOf(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  stepSeconds: number,
): Promise<{ at: number; decision: Decision; records: number }[]> {
  const { condition, parameters } = conditionOf(searched);
  return answerOf(
    ctx,
    searched,
    `SELECT intDiv(toUnixTimestamp(recorded_at), {step: UInt32}) * {step: UInt32} AS at, decision, count() AS records
      FROM ${EVENTS} WHERE ${condition} GROUP BY at, decision`,
    { ...parameters, step: stepSeconds },
  );
}

/** Values a column has among what is found, those of most records first, and about how many different there are. Empty ones are left out. */
export async function valuesOf(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  column: ColumnName,
  limit: number,
): Promise<{ values: { value: string; count: number }[]; different: number }> {
  const { condition, parameters } = conditionOf(searched);
  const written = column === 'integrity' ? INTEGRITY : column === 'chain_id' ? 'toString(chain_id)' : column;
  const rows = await answerOf<{ value: string; records: number; different: number }>(
    ctx,
    searched,
    `SELECT value, records, count() OVER () AS different
      FROM (SELECT ${written} AS value, count() AS records FROM ${EVENTS} WHERE ${condition} GROUP BY value)
      WHERE value != '' ORDER BY records DESC, value LIMIT {limit: UInt32}`,
    { ...parameters, limit },
  );
  return {
    values: rows.map(({ value, records }) => ({ value, count: records })),
    different: rows[0]?.different ?? 0,
  };
}

/** What is found, as a condition, with its parameters. */
export function conditionOf({ period, chainId, search, chains, damaged }: Searched): {
  condition: string;
  parameters: Parameters;
} {
  const parameters: Parameters = {
    ...(period && periodParameters(period)),
    ...(chainId !== null && { chain: chainId }),
    ...damageParameters(damaged),
  };
  const found = searchSql(search, parameters, {
    chains,
    column: (name) => (name === 'integrity' ? INTEGRITY : name),
  });
  const bounds = [...(chainId === null ? [] : ['chain_id = {chain: UUID}']), ...(period ? [IN_PERIOD] : [])];
  return { condition: [...bounds, found].join(' AND '), parameters };
}

/** Rows of a question that costs no more than a search may. @throws AppError SEARCH_TOO_LARGE. */
export async function answerOf<Row>(
  ctx: Pick<Context, 'lake'>,
  { signal, run }: Pick<Searched, 'signal' | 'run'>,
  query: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Row[]> {
  try {
    return await select<Row>(ctx, query, parameters, {
      limits: LIMITS,
      signal,
      ...(run && { queryId: `${run}${randomUUID()}` }),
    });
  } catch (error) {
    if (!(error instanceof ClickHouseError && TOO_MUCH.has(error.code))) throw error;
    throw new AppError(
      'SEARCH_TOO_LARGE',
      `this search would take more than ${SEARCH_SECONDS} s or 2 GB of memory: take a shorter period, or add a filter`,
      { seconds: SEARCH_SECONDS },
      { cause: error },
    );
  }
}
