import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Decision } from '../../core/event/fields';
import type { ColumnName } from '../../core/search/fields';
import type { Search } from '../../core/search/search';
import { type Parameters, type SearchSqlOptions, searchSql } from '../../core/search/sql';
import type { ChainRecord } from '../../schemas/chains';
import type { Period } from '../../schemas/common';
import { lakeInstant } from '../time';
import { EVENTS, IN_PERIOD, type Limits, periodParameters, select } from './events';
import { type Damaged, INTEGRITY, NO_DAMAGE, damageParameters } from './integrity';
import { RECORD_COLUMNS, shownRecord } from './page';

/** What is searched: records of a period that state a time. Nothing is ever searched without bounds of time. */
export type Searched = {
  period: Period;
  search: Search;
  /** Ids of the chains a pattern names. */
  chains: SearchSqlOptions['chains'];
  damaged: Damaged;
  signal?: AbortSignal | undefined;
};

/** A search of ours over a period, which names no chain; integrity is as it was loaded. */
export function searchedIn(period: Period, search: Search = { kind: 'all' }): Searched {
  return { period, search, chains: () => [], damaged: NO_DAMAGE };
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
    `SELECT ${RECORD_COLUMNS.map(({ name, key }) => `${name === 'integrity' ? INTEGRITY : name} AS ${key}`).join(', ')}
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
export function conditionOf({ period, search, chains, damaged }: Searched): {
  condition: string;
  parameters: Parameters;
} {
  const parameters: Parameters = {
    ...periodParameters(period),
    ...damageParameters(damaged),
  };
  const found = searchSql(search, parameters, {
    chains,
    column: (name) => (name === 'integrity' ? INTEGRITY : name),
  });
  return { condition: `${IN_PERIOD} AND ${found}`, parameters };
}

/** Rows of a question that costs no more than a search may. @throws AppError SEARCH_TOO_LARGE. */
export async function answerOf<Row>(
  ctx: Pick<Context, 'lake'>,
  { signal }: Pick<Searched, 'signal'>,
  query: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Row[]> {
  try {
    return await select<Row>(ctx, query, parameters, { limits: LIMITS, signal });
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
