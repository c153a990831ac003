import 'server-only';
import { TupleParam } from '@clickhouse/client';
import type { Context } from '../../context';
import type { ChainRecord } from '../../schemas/chains';
import { lakeInstant } from '../time';
import { EVENTS } from './events';
import { type Damaged, integrityOf } from './integrity';
import { RECORD_COLUMNS, shownRecord } from './page';
import { type Searched, answerOf, conditionOf } from './search';

/** A place between two records, newest first. */
export type EventPlace = { recordedAt: string; chainId: string; ordinal: number };

const NEWEST_FIRST = 'ORDER BY recorded_at DESC, chain_id DESC, ordinal DESC';
const KEYS = `Array(Tuple(UUID, DateTime64(6, 'UTC'), UInt64))`;

/**
 * Records that are found, newest first, from behind a place on. Where they are is looked for among the rows as they lie, for which the engine keeps
 * no more than the newest; those are then read as they stand, each once, and looked at again. Twice as many rows as records are looked for, so that
 * one round does while records stand twice.
 */
export async function pageOfEvents(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  { after, limit }: { after: EventPlace | null; limit: number },
): Promise<ChainRecord[]> {
  const found: ChainRecord[] = [];
  for (let from: EventPlace | null | undefined = after; from !== undefined && found.length < limit; ) {
    const { places, next } = await newestPlaces(ctx, searched, from, limit - found.length);
    if (places.length > 0) found.push(...(await recordsAt(ctx, searched, places)));
    from = next;
  }
  return found;
}

/**
 * Where the newest rows lie that are found, each place once: what lies there can be a row that another has taken the place of. `next` is the place
 * behind which there may be more.
 */
async function newestPlaces(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  after: EventPlace | null,
  limit: number,
): Promise<{ places: EventPlace[]; next?: EventPlace | undefined }> {
  const { condition, parameters } = conditionOf(searched);
  const behind = after
    ? `AND (recorded_at, chain_id, ordinal) < ({afterTime: DateTime64(6, 'UTC')}, {afterChain: UUID}, {afterOrdinal: UInt64})`
    : '';
  const rows = await answerOf<EventPlace>(
    ctx,
    searched,
    `SELECT recorded_at AS recordedAt, chain_id AS chainId, ordinal FROM events WHERE ${condition} ${behind} ${NEWEST_FIRST} LIMIT {limit: UInt32}`,
    {
      ...parameters,
      limit: 2 * limit,
      ...(after && {
        afterTime: lakeInstant(after.recordedAt),
        afterChain: after.chainId,
        afterOrdinal: after.ordinal,
      }),
    },
    { mayRepeat: true },
  );
  const lies = ({ recordedAt, chainId, ordinal }: EventPlace) => `${recordedAt} ${chainId} ${ordinal}`;
  const distinct = [...new Map(rows.map((row) => [lies(row), row])).values()];
  const places = distinct.slice(0, limit);
  const isAll = rows.length < 2 * limit && distinct.length <= limit;
  return { places, next: isAll ? undefined : places.at(-1) };
}

/** The records that are at some places and are found, each once, newest first. */
async function recordsAt(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  places: readonly EventPlace[],
): Promise<ChainRecord[]> {
  const { condition, parameters } = conditionOf(searched);
  const rows = await answerOf<ChainRecord>(
    ctx,
    searched,
    `SELECT ${shownColumns(searched.damaged)} FROM ${EVENTS} WHERE (chain_id, recorded_at, ordinal) IN {places: ${KEYS}} AND ${condition} ${NEWEST_FIRST}`,
    {
      ...parameters,
      places: places.map(
        ({ recordedAt, chainId, ordinal }) => new TupleParam([chainId, lakeInstant(recordedAt), ordinal]),
      ),
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
    `SELECT ${shownColumns(searched.damaged)} FROM ${EVENTS} WHERE ${condition} AND ordinal >= {first: UInt64} ORDER BY ordinal LIMIT {limit: UInt32}`,
    { ...parameters, first: from, limit },
  );
  return rows.map(shownRecord);
}

function shownColumns(damaged: Damaged): string {
  return RECORD_COLUMNS.map(({ name, key }) => `${name === 'integrity' ? integrityOf(damaged) : name} AS ${key}`).join(
    ', ',
  );
}
