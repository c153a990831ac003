import 'server-only';
import type { Readable } from 'node:stream';
import type { Context } from '../../context';
import { COLUMNS } from '../../core/event/fields';
import type { ColumnName } from '../../core/search/fields';
import { EVENTS, type Limits, selectStream } from './events';
import { integrityOf } from './integrity';
import { type Searched, conditionOf } from './search';

/** An export is of any length: bounded by time, and by what it may hold in memory. */
const LIMITS: Limits = { max_execution_time: 3600, timeout_overflow_mode: 'throw', max_memory_usage: '2000000000' };

/** Columns of an export of everything, in order. */
export const EXPORTED_EVENT = COLUMNS.filter(({ name }) => name !== 'segment_index').map(({ name }) => name);

/** Everything a search finds, oldest first or in the order of the chain that is searched, in batches. */
export function exportEvents<const C extends ColumnName>(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  columns: readonly C[],
): AsyncGenerator<Record<C, string | number | null>[], void, undefined> {
  const { query, parameters } = statement(searched, columns);
  return selectStream(ctx, query, parameters, { limits: LIMITS, signal: searched.signal });
}

/** The same with every column as a Parquet file, which the lake writes. */
export async function parquetOfEvents(ctx: Pick<Context, 'lake'>, searched: Searched): Promise<Readable> {
  const { query, parameters } = statement(searched, EXPORTED_EVENT);
  const { stream } = await ctx.lake.exec({
    query: `${query} FORMAT Parquet`,
    query_params: parameters,
    clickhouse_settings: LIMITS,
    ...(searched.signal && { abort_signal: searched.signal }),
  });
  return stream;
}

function statement(searched: Searched, columns: readonly ColumnName[]) {
  const { condition, parameters } = conditionOf(searched);
  const selected = columns.map((name) =>
    name === 'integrity' ? `${integrityOf(searched.damaged)} AS integrity` : name,
  );
  return {
    query: `SELECT ${selected.join(', ')} FROM ${EVENTS} WHERE ${condition} ORDER BY ${searched.chainId === null ? 'recorded_at, chain_id, ' : ''}ordinal`,
    parameters,
  };
}
