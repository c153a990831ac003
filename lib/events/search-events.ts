import 'server-only';
import * as z from 'zod';
import { chainNames } from '../chains/chain-names';
import type { Context } from '../context';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { pageOfEvents } from '../lake/query/search';
import type { EventsPage } from '../schemas/events';
import { type RequestedSearch, readSearched } from './searched';

const Cursor = z.tuple([z.iso.datetime(), z.uuid(), z.number().int().min(0)]);

/** Records of any chain that a search finds in a period, newest first. @throws AppError BAD_REQUEST, SEARCH_TOO_LARGE. */
export async function searchEvents(
  ctx: Context,
  { limit, cursor, ...requested }: RequestedSearch & { limit: number; cursor?: string | undefined },
): Promise<EventsPage> {
  const [recordedAt, chainId, ordinal] = cursor ? decodeCursor(Cursor, cursor) : [];
  const after =
    recordedAt !== undefined && chainId !== undefined && ordinal !== undefined
      ? { recordedAt, chainId, ordinal }
      : null;
  const found = await pageOfEvents(ctx, await readSearched(ctx, requested), { after, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const names = await chainNames(
    ctx,
    shown.map(({ chainId }) => chainId),
  );
  const last = shown.at(-1);
  return {
    items: shown.map((record) => ({ ...record, chainName: names.get(record.chainId) ?? '' })),
    nextCursor:
      found.length > limit && last?.recordedAt ? encodeCursor([last.recordedAt, last.chainId, last.ordinal]) : null,
  };
}
