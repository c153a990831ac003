import 'server-only';
import { randomUUID } from 'node:crypto';
import { TupleParam } from '@clickhouse/client';
import type { Context } from '../../context';
import { type Compilable, compileRule } from '../../core/rules/compile';
import { type Hit, HitReader, type WindowRow } from '../../core/rules/kinds/hits';
import type { Decision } from '../../core/event/fields';
import type { Period } from '../../schemas/common';
import { lakeInstant } from '../time';
import { EVENTS, IN_PERIOD, IS_OF_FLEET, periodParameters } from './events';
import { ONE_QUESTION, answerOf, tooLarge } from './search';

type Asked = { run?: string | undefined; signal?: AbortSignal | undefined };

/**
 * What a rule finds among the records of a period, as a search: bounded in time and memory, and ended when it is not wanted any more.
 * @throws AppError SEARCH_TOO_LARGE.
 */
export async function* previewHits(
  { lake }: Pick<Context, 'lake'>,
  rule: Compilable,
  period: Period,
  { run, signal }: Asked,
): AsyncGenerator<Hit, void, undefined> {
  signal?.throwIfAborted();
  const { sql, params } = compileRule(rule, { ...period, table: 'events' });
  try {
    const result = await lake.query({
      query: sql,
      query_params: params,
      format: 'JSONCompactEachRow',
      clickhouse_settings: ONE_QUESTION,
      ...(signal && { abort_signal: signal }),
      ...(run && { query_id: `${run}${randomUUID()}` }),
    });
    // The client looks at the signal until the answer begins only.
    const onAbort = () => result.close();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const reader = new HitReader();
      for await (const batch of result.stream<WindowRow>())
        for (const row of batch) {
          const hit = reader.push(row.json());
          if (hit) yield hit;
        }
      const last = reader.end();
      if (last) yield last;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      result.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw tooLarge(error, 'this rule');
  }
}

/** Records of a period that state a time in it. */
export async function recordsIn(ctx: Pick<Context, 'lake'>, period: Period, asked: Asked): Promise<number> {
  const [row] = await answerOf<{ records: number }>(
    ctx,
    asked,
    `SELECT count() AS records FROM ${EVENTS} WHERE ${IS_OF_FLEET} AND ${IN_PERIOD}`,
    periodParameters(period),
  );
  return row?.records ?? 0;
}

export type Place = { chainId: string; ordinal: number; recordedAt: string };
type Shown = { chainId: string; ordinal: number; decision: Decision; tool: string; target: string };

/** What records at some places did. */
export async function shownAt(ctx: Pick<Context, 'lake'>, places: readonly Place[], asked: Asked): Promise<Shown[]> {
  if (places.length === 0) return [];
  return answerOf<Shown>(
    ctx,
    asked,
    `SELECT toString(chain_id) AS chainId, ordinal, decision, tool, target FROM ${EVENTS}
      WHERE (chain_id, recorded_at, ordinal) IN {places: Array(Tuple(UUID, DateTime64(6, 'UTC'), UInt64))}`,
    {
      places: places.map(
        ({ chainId, recordedAt, ordinal }) => new TupleParam([chainId, lakeInstant(recordedAt), ordinal]),
      ),
    },
  );
}
