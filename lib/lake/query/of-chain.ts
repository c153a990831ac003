import 'server-only';
import type { Context } from '../../context';
import type { Decision } from '../../core/event/fields';
import { instantText } from '../time';
import { EVENTS, IS_TIMED, select } from './events';

/** The records of a chain that state a session, or a run. */
type Part = { session: string } | { run: string };

/** Where a record stands in the bytes of its chain. */
export type RecordPlace = { ordinal: number; byteOffset: number; byteLength: number };

/** Places of the records of a session or run among the first `upTo`, in order, at most `limit`. */
export async function placesOf(
  ctx: Context,
  chainId: string,
  part: Part,
  { upTo, limit }: { upTo: number; limit: number },
): Promise<RecordPlace[]> {
  return select(
    ctx,
    `${PLACES} AND ${conditionOf(part)} AND ordinal < {upTo: UInt64} ORDER BY ordinal LIMIT {limit: UInt32}`,
    { chainId, ...part, upTo, limit },
  );
}

/** Places of single records that there are, in order. */
export async function placesAt(ctx: Context, chainId: string, ordinals: readonly number[]): Promise<RecordPlace[]> {
  return select(ctx, `${PLACES} AND ordinal IN {ordinals: Array(UInt64)} ORDER BY ordinal`, { chainId, ordinals });
}

const PLACES = `SELECT ordinal, byte_offset AS byteOffset, byte_length AS byteLength FROM ${EVENTS} WHERE chain_id = {chainId: UUID}`;

/** Records from `first` to `last` by decision, of a session or run if that is asked for, and the time they span. */
export async function decisionsOf(
  ctx: Context,
  chainId: string,
  { first, last }: { first: number; last: number },
  part: Part | null,
): Promise<{ counts: Partial<Record<Decision, number>>; span: { first: string; last: string } | null }> {
  const rows = await select<{ decision: Decision; records: number; timed: number; from: string; to: string }>(
    ctx,
    `SELECT decision, count() AS records, countIf(${IS_TIMED}) AS timed, toString(minIf(recorded_at, ${IS_TIMED})) AS from, toString(maxIf(recorded_at, ${IS_TIMED})) AS to
      FROM ${EVENTS} WHERE chain_id = {chainId: UUID} AND ordinal >= {first: UInt64} AND ordinal <= {last: UInt64} ${part ? `AND ${conditionOf(part)}` : ''}
      GROUP BY decision ORDER BY decision`,
    { chainId, first, last, ...part },
  );
  const times = rows.flatMap(({ timed, from, to }) => (timed > 0 ? [from, to] : [])).toSorted();
  const [from, to] = [times[0], times.at(-1)];
  return {
    counts: Object.fromEntries(rows.map(({ decision, records }) => [decision, records])),
    span: from && to ? { first: instantText(from), last: instantText(to) } : null,
  };
}

function conditionOf(part: Part): string {
  return 'session' in part ? 'session_id = {session: String}' : 'run_id = {run: String}';
}

/** Hashes that single records of chains state, theirs and their predecessor's. */
export async function hashesAt(
  ctx: Context,
  chainIds: readonly string[],
  ordinals: readonly number[],
): Promise<{ chainId: string; ordinal: number; hash: string; prev: string }[]> {
  return select(
    ctx,
    `SELECT chain_id AS chainId, ordinal, hash, prev_hash AS prev FROM ${EVENTS} WHERE chain_id IN {ids: Array(UUID)} AND ordinal IN {ordinals: Array(UInt64)} ORDER BY ordinal`,
    {
      ids: chainIds,
      ordinals: [...new Set(ordinals)],
    },
  );
}

/** Runs of a chain that have records in closed segments, with the last of those, in order of it. */
export async function runsOf(ctx: Context, chainId: string): Promise<{ run: string; last: number }[]> {
  return select(
    ctx,
    `SELECT run_id AS run, max(ordinal) AS last FROM ${EVENTS} WHERE chain_id = {chainId: UUID} AND run_id != '' AND segment_digest != '' GROUP BY run_id ORDER BY last`,
    { chainId },
  );
}

/** How many records the lake has of a chain. */
export async function countOf(ctx: Context, chainId: string): Promise<number> {
  const [row] = await select<{ records: number }>(
    ctx,
    `SELECT uniqExact(ordinal) AS records FROM ${EVENTS} WHERE chain_id = {chainId: UUID}`,
    { chainId },
  );
  return row?.records ?? 0;
}
