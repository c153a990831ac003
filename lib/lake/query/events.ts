import 'server-only';
import type { ClickHouseSettings } from '@clickhouse/client';
import type { Context } from '../../context';
import { OWN_CHAIN } from '../../core/own-chain';
import type { Period } from '../../schemas/common';
import { lakeInstant } from '../time';

/**
 * What everything is read from: each record once. It stands in the table twice for a moment between the loading of a closed segment and the
 * removal of its open rows, and whenever an insert was tried again.
 */
export const EVENTS = 'events FINAL';

/** A record of a guardrail: what searches, counts and figures of all chains are of. The chain of what is done here is asked for by its id. */
export const IS_OF_FLEET = `chain_id != '${OWN_CHAIN.id}'`;

/** A record that states a time. */
export const IS_TIMED = `recorded_at > toDateTime64(0, 6, 'UTC')`;

/** What records cost, to a billionth of a dollar: the same in whatever order the engine adds it up. */
export const COST_USD = 'round(sumKahan(cost_usd), 9)';

/** One that states none, or one no table could hold: of the first partition alone. */
export const IS_UNTIMED = `recorded_at <= toDateTime64(0, 6, 'UTC')`;

/** The records of a half-open period: those that state a time in it. Takes the parameters `periodParameters` gives. */
export const IN_PERIOD = `${IS_TIMED} AND recorded_at >= {from: DateTime64(6, 'UTC')} AND recorded_at < {to: DateTime64(6, 'UTC')}`;

/** Half-open, both ends as the lake writes a time. */
export type Times = readonly { from: string; to: string }[];

/** The records of guardrails that state a time in one of these, and the parameters that takes. */
export function inTimes(times: Times): { condition: string; parameters: Parameters } {
  const within = times.map(
    (_, n) => `recorded_at >= {from${n}: DateTime64(6, 'UTC')} AND recorded_at < {to${n}: DateTime64(6, 'UTC')}`,
  );
  return {
    condition: within.length === 0 ? 'false' : `${IS_OF_FLEET} AND ${IS_TIMED} AND (${within.join(' OR ')})`,
    parameters: Object.fromEntries(
      times.flatMap(({ from, to }, n) => [
        [`from${n}`, from],
        [`to${n}`, to],
      ]),
    ),
  };
}

/** Half-open; null where open. */
export type Range = { from: string | null; to: string | null };

/** `IN_PERIOD` for a range that may be open, with `rangeParameters`. */
export function inRange({ from, to }: Range): string {
  return [
    IS_TIMED,
    ...(from ? [`recorded_at >= {from: DateTime64(6, 'UTC')}`] : []),
    ...(to ? [`recorded_at < {to: DateTime64(6, 'UTC')}`] : []),
  ].join(' AND ');
}

export function periodParameters({ from, to }: Period): { from: string; to: string } {
  return { from: lakeInstant(from), to: lakeInstant(to) };
}

export function rangeParameters({ from, to }: Range): Record<string, string> {
  return { ...(from && { from: lakeInstant(from) }), ...(to && { to: lakeInstant(to) }) };
}

export type Parameters = Record<string, unknown>;
/** Settings of ClickHouse that bound what a question costs. */
export type Limits = ClickHouseSettings;
/** What a question may cost, the signal that ends it in the engine too, its id there, and whether it may see a record twice: one that only says where to look. */
export type Bounds = { limits?: Limits; signal?: AbortSignal | undefined; queryId?: string; mayRepeat?: boolean };

/**
 * Rows of a SELECT, whose text is ours; what comes from outside is a parameter. The engine ends it when the signal does.
 * @throws Error for one that would see a record twice.
 */
export async function select<Row>(
  { lake }: Pick<Context, 'lake'>,
  query: string,
  parameters: Parameters = {},
  bounds: Bounds = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of selectStream<Row>({ lake }, query, parameters, bounds))
    for (const row of batch) rows.push(row);
  return rows;
}

/** The same, in batches as they come. */
export async function* selectStream<Row>(
  { lake }: Pick<Context, 'lake'>,
  query: string,
  parameters: Parameters = {},
  bounds: Bounds = {},
): AsyncGenerator<Row[], void, undefined> {
  const { signal } = bounds;
  const result = await lake.query({ ...asked(query, parameters, bounds), format: 'JSONEachRow' });
  // The client looks at the signal until the answer begins only.
  const onAbort = () => result.close();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const batch of result.stream<Row>()) yield batch.map((row) => row.json());
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Throws the signal's reason when it is aborted already. */
function asked(query: string, parameters: Parameters, { limits, signal, queryId, mayRepeat }: Bounds) {
  signal?.throwIfAborted();
  return {
    query: mayRepeat ? query : eachOnce(query),
    query_params: parameters,
    ...(limits && { clickhouse_settings: limits }),
    ...(signal && { abort_signal: signal }),
    ...(queryId && { query_id: queryId }),
  };
}

function eachOnce(query: string): string {
  if (/\b(?:from|join)\s+events\b(?!\s+final\b)/i.test(query))
    throw new Error('a SELECT of events without FINAL sees records twice');
  return query;
}
