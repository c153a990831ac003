import 'server-only';
import * as z from 'zod';
import { chainNames } from '../chains/chain-names';
import type { Context } from '../context';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { OrdinalCursor } from '../db/cursor-shapes';
import type { Searched } from '../lake/query/search';
import { type EventPlace, pageInChain, pageOfEvents } from '../lake/query/search-page';
import type { ChainRecord } from '../schemas/chains';
import type { EventsPage } from '../schemas/events';
import { type RequestedSearch, readSearched } from './searched';

const TimeCursor = z.tuple([z.iso.datetime(), z.uuid(), z.number().int().min(0)]);
type Place = { limit: number; cursor?: string | undefined; ordinal?: number | undefined };
type Found = { records: ChainRecord[]; nextCursor: string | null };

/**
 * Records a search finds: of any chain in a period, newest first; or of one chain, in its order from `ordinal` on.
 * @throws AppError BAD_REQUEST, NOT_FOUND, SEARCH_TOO_LARGE.
 */
export async function searchEvents(
  ctx: Context,
  { limit, cursor, ordinal, ...requested }: RequestedSearch & Place,
): Promise<EventsPage> {
  const searched = await readSearched(ctx, requested);
  const find = searched.chainId === null ? newestFirst : inOrder;
  const { records, nextCursor } = await find(ctx, searched, { limit, cursor, ordinal });
  const names = await chainNames(
    ctx,
    records.map(({ chainId }) => chainId),
  );
  return { items: records.map((record) => ({ ...record, chainName: names.get(record.chainId) ?? '' })), nextCursor };
}

async function newestFirst(ctx: Context, searched: Searched, { limit, cursor }: Place): Promise<Found> {
  const [recordedAt, chainId, ordinal] = cursor ? decodeCursor(TimeCursor, cursor) : [];
  const after: EventPlace | null =
    recordedAt !== undefined && chainId !== undefined && ordinal !== undefined
      ? { recordedAt, chainId, ordinal }
      : null;
  const found = await pageOfEvents(ctx, searched, { after, limit: limit + 1 });
  const records = found.slice(0, limit);
  const last = records.at(-1);
  return {
    records,
    nextCursor:
      found.length > limit && last?.recordedAt ? encodeCursor([last.recordedAt, last.chainId, last.ordinal]) : null,
  };
}

async function inOrder(ctx: Context, searched: Searched, { limit, cursor, ordinal = 0 }: Place): Promise<Found> {
  const from = cursor ? decodeCursor(OrdinalCursor, cursor)[0] : ordinal;
  const found = await pageInChain(ctx, searched, { from, limit: limit + 1 });
  const next = found[limit];
  return { records: found.slice(0, limit), nextCursor: next ? encodeCursor([next.ordinal]) : null };
}
