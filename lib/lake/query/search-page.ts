import 'server-only';
import { TupleParam } from '@clickhouse/client';
import type { Context } from '../../context';
import { type SortColumnName, sortField } from '../../core/event/table-columns';
import type { ChainRecord } from '../../schemas/chains';
import { lakeInstant } from '../time';
import { EVENTS } from './events';
import { type Damaged, integrityOf } from './integrity';
import { RECORD_COLUMNS, shownRecord } from './page';
import { type Searched, answerOf, conditionOf } from './search';

/** What found records are put in order by, and which way; those that are equal in it stand by chain and by their place in it, the same way. */
export type EventOrder = { column: SortColumnName; isDown: boolean };
/** A place between two records in an order; `value` is what the lake puts the one before in order by. */
export type EventPlace = { value: string | number; chainId: string; ordinal: number };
export type FoundEvent = { record: ChainRecord; place: EventPlace };

/** Where a row lies in the table, and its place in the order. */
type Row = EventPlace & { recordedAt: string };
const KEYS = `Array(Tuple(UUID, DateTime64(6, 'UTC'), UInt64))`;
/** Texts are put in order by so many of their characters, as if in small letters. */
const ORDERED_CHARACTERS = 60;

/**
 * Records that are found, in an order, from behind a place on. Where they are is looked for among the rows as they lie, for which the engine keeps
 * no more than the first; those are then read as they stand, each once, and looked at again. Twice as many rows as records are looked for, so that
 * one round does while records stand twice.
 */
export async function pageOfEvents(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  { order, after, limit }: { order: EventOrder; after: EventPlace | null; limit: number },
): Promise<FoundEvent[]> {
  const found: FoundEvent[] = [];
  for (let from: EventPlace | null | undefined = after; from !== undefined && found.length < limit; ) {
    const { rows, next } = await firstRows(ctx, searched, { order, after: from, limit: limit - found.length });
    if (rows.length > 0) found.push(...(await recordsAt(ctx, searched, order, rows)));
    from = next;
  }
  return found;
}

/**
 * Where the first rows lie that are found, each place once: what lies there can be a row that another has taken the place of. `next` is the place
 * behind which there may be more.
 */
async function firstRows(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  { order, after, limit }: { order: EventOrder; after: EventPlace | null; limit: number },
): Promise<{ rows: Row[]; next?: EventPlace | undefined }> {
  const { condition, parameters } = conditionOf(searched);
  const { value, type, bound, orderBy } = sqlOf(order);
  const behind = after
    ? `AND (${value}, chain_id, ordinal) ${order.isDown ? '<' : '>'} ({afterValue: ${type}}, {afterChain: UUID}, {afterOrdinal: UInt64})`
    : '';
  const rows = await answerOf<Row>(
    ctx,
    searched,
    `SELECT ${value} AS value, recorded_at AS recordedAt, chain_id AS chainId, ordinal FROM events WHERE ${condition} ${behind} ${orderBy} LIMIT {limit: UInt32}`,
    {
      ...parameters,
      limit: 2 * limit,
      ...(after && { afterValue: bound(after.value), afterChain: after.chainId, afterOrdinal: after.ordinal }),
    },
    { mayRepeat: true },
  );
  const lies = ({ recordedAt, chainId, ordinal }: Row) => `${recordedAt} ${chainId} ${ordinal}`;
  const distinct = [...new Map(rows.map((row) => [lies(row), row])).values()];
  const first = distinct.slice(0, limit);
  const isAll = rows.length < 2 * limit && distinct.length <= limit;
  return { rows: first, next: isAll ? undefined : first.at(-1) };
}

/** The records that lie there and are found, each once, in the order. */
async function recordsAt(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  order: EventOrder,
  lie: readonly Row[],
): Promise<FoundEvent[]> {
  const { condition, parameters } = conditionOf(searched);
  const { value, orderBy } = sqlOf(order);
  const rows = await answerOf<ChainRecord & { value: string | number }>(
    ctx,
    searched,
    `SELECT ${shownColumns(searched.damaged)}, ${value} AS value FROM ${EVENTS} WHERE (chain_id, recorded_at, ordinal) IN {places: ${KEYS}} AND ${condition} ${orderBy}`,
    {
      ...parameters,
      places: lie.map(
        ({ recordedAt, chainId, ordinal }) => new TupleParam([chainId, lakeInstant(recordedAt), ordinal]),
      ),
    },
  );
  return rows.map(({ value: at, ...row }) => ({
    record: shownRecord(row),
    place: { value: at, chainId: row.chainId, ordinal: row.ordinal },
  }));
}

/** What is put in order, of which type it is and how a value of it is bound. */
function sqlOf({ column, isDown }: EventOrder): {
  value: string;
  type: string;
  bound: (value: string | number) => string | number;
  orderBy: string;
} {
  const { type } = sortField(column);
  const as = (value: string, lakeType: string, bound = (given: string | number): string | number => given) => {
    const direction = isDown ? 'DESC' : 'ASC';
    return {
      value,
      type: lakeType,
      bound,
      orderBy: `ORDER BY ${value} ${direction}, chain_id ${direction}, ordinal ${direction}`,
    };
  };
  switch (type) {
    case 'time':
      return as(column, `DateTime64(6, 'UTC')`, (given) => lakeInstant(String(given)));
    case 'count32':
    case 'count53':
    case 'position':
      return as(column, 'UInt64');
    case 'amount':
      return as(column, 'Float64');
    case 'text':
    case 'word':
    case 'decision':
      return as(`lowerUTF8(substringUTF8(toString(${column}), 1, ${ORDERED_CHARACTERS}))`, 'String');
  }
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
