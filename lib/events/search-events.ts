import 'server-only';
import * as z from 'zod';
import { chainNames } from '../chains/chain-names';
import type { Context } from '../context';
import { type EventSort, type SortColumnName, sortField } from '../core/event/table-columns';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { OrdinalCursor } from '../db/cursor-shapes';
import type { Searched } from '../lake/query/search';
import { type EventOrder, pageInChain, pageOfEvents } from '../lake/query/search-page';
import type { ChainRecord } from '../schemas/chains';
import type { EventsPage } from '../schemas/events';
import { type RequestedSearch, readSearched } from './searched';

/** A place in an order; of another order it is refused. */
const cursorIn = (sort: EventSort) => z.tuple([z.literal(sort), valueIn(sort), z.uuid(), z.number().int().min(0)]);
function valueIn(sort: EventSort): z.ZodType<string | number> {
  switch (sortField(orderOf(sort).column).type) {
    case 'time':
      return z.iso.datetime();
    case 'count32':
    case 'count53':
    case 'position':
      return z.int().min(0);
    case 'amount':
      return z.number();
    case 'text':
    case 'word':
    case 'decision':
      return z.string().refine((text) => text.isWellFormed());
  }
}
type Place = { limit: number; cursor?: string | undefined; ordinal?: number | undefined };
type Found = { records: ChainRecord[]; nextCursor: string | null };

/**
 * Records a search finds: of any chain in a period, newest first; or of one chain, in its order from `ordinal` on. With `sort` in that order.
 * @throws AppError BAD_REQUEST, NOT_FOUND, SEARCH_TOO_LARGE.
 */
export async function searchEvents(
  ctx: Context,
  { limit, cursor, ordinal, sort, ...requested }: RequestedSearch & Place & { sort?: EventSort | undefined },
): Promise<EventsPage> {
  const searched = await readSearched(ctx, requested);
  const { records, nextCursor } =
    sort === undefined && searched.chainId !== null
      ? await inChain(ctx, searched, { limit, cursor, ordinal })
      : await inOrder(ctx, searched, sort ?? '-recorded_at', { limit, cursor });
  const names = await chainNames(
    ctx,
    records.map(({ chainId }) => chainId),
  );
  return { items: records.map((record) => ({ ...record, chainName: names.get(record.chainId) ?? '' })), nextCursor };
}

async function inOrder(ctx: Context, searched: Searched, sort: EventSort, { limit, cursor }: Place): Promise<Found> {
  const [, value, chainId, ordinal] = cursor ? decodeCursor(cursorIn(sort), cursor) : [];
  const after =
    value !== undefined && chainId !== undefined && ordinal !== undefined ? { value, chainId, ordinal } : null;
  const found = await pageOfEvents(ctx, searched, { order: orderOf(sort), after, limit: limit + 1 });
  const last = found.length > limit ? found[limit - 1]?.place : undefined;
  return {
    records: found.slice(0, limit).map(({ record }) => record),
    nextCursor: last ? encodeCursor([sort, last.value, last.chainId, last.ordinal]) : null,
  };
}

function orderOf(sort: EventSort): EventOrder {
  const isDown = sort.startsWith('-');
  return { column: (isDown ? sort.slice(1) : sort) as SortColumnName, isDown }; // what is left of the sign is the name
}

async function inChain(ctx: Context, searched: Searched, { limit, cursor, ordinal = 0 }: Place): Promise<Found> {
  const from = cursor ? decodeCursor(OrdinalCursor, cursor)[0] : ordinal;
  const found = await pageInChain(ctx, searched, { from, limit: limit + 1 });
  const next = found[limit];
  return { records: found.slice(0, limit), nextCursor: next ? encodeCursor([next.ordinal]) : null };
}
