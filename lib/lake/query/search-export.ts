import 'server-only';
import type { Readable } from 'node:stream';
import type { Context } from '../../context';
import { COLUMNS } from '../../core/event/fields';
import { EVENTS, type Limits, selectStream } from './events';
import { INTEGRITY, type Searched, conditionOf } from './search';

/** An export is of any length: bounded by time, and by what it may hold in memory. */
const LIMITS: Limits = { max_execution_time: 3600, timeout_overflow_mode: 'throw', max_memory_usage: '2000000000' };

/** Columns of an export, in order, as they are named in it. */
export const EXPORTED_EVENT = COLUMNS.filter(({ name }) => name !== 'segment_index').map(({ name }) => name);

export type ExportedEvent = Record<(typeof EXPORTED_EVENT)[number], string | number | null>;

const SELECTED = EXPORTED_EVENT.map((name) => (name === 'integrity' ? `${INTEGRITY} AS integrity` : name)).join(', ');

/** Everything a search finds, oldest first, in batches. */
export function exportEvents(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
): AsyncGenerator<ExportedEvent[], void, undefined> {
  const { condition, parameters } = conditionOf(searched);
  return selectStream(
    ctx,
    `SELECT ${SELECTED} FROM ${EVENTS} WHERE ${condition} ORDER BY recorded_at, chain_id, ordinal`,
    parameters,
    { limits: LIMITS, signal: searched.signal },
  );
}

/** The same as a Parquet file, which the lake writes. */
export async function parquetOfEvents(ctx: Pick<Context, 'lake'>, searched: Searched): Promise<Readable> {
  const { condition, parameters } = conditionOf(searched);
  const { stream } = await ctx.lake.exec({
    query: `SELECT ${SELECTED} FROM ${EVENTS} WHERE ${condition} ORDER BY recorded_at, chain_id, ordinal FORMAT Parquet`,
    query_params: parameters,
    clickhouse_settings: LIMITS,
    ...(searched.signal && { abort_signal: searched.signal }),
  });
  return stream;
}
