import * as z from 'zod';
import { MAX_SEARCH_LENGTH } from '../core/search/parse';
import { Instant, RequestedInstant } from './common';
import { EventSort } from './events';
import { ColumnNames } from './preferences';
import { isSpan } from './right-search';

/** Ranges that end now. */
const RANGE_KEYS = ['15m', '1h', '4h', '24h', '7d', '30d', '90d', '365d'] as const;
export type RangeKey = (typeof RANGE_KEYS)[number];

/** A search with all that is seen of it. A range that ends now stays one. */
const searchOf = (time: z.ZodType<string>) =>
  z
    .object({
      q: z.string().max(MAX_SEARCH_LENGTH),
      /** A range that ends now; null where it is from one time to another. */
      period: z.enum(RANGE_KEYS).nullable(),
      from: time.nullable(),
      to: time.nullable(),
      /** Null for those of who looks at it. */
      columns: ColumnNames.nullable(),
      /** The order of the records; newest first where it is null or left out, as of views that were saved without one. */
      sort: EventSort.nullable().optional(),
    })
    .refine(isSpan, { message: 'is a range that ends now, or from one time to a later one', path: ['period'] });
const ViewSearch = searchOf(Instant);
const RequestedSearch = searchOf(RequestedInstant);
export type ViewSearch = z.infer<typeof ViewSearch>;

const ViewName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { message: 'must be text without NUL' });

/** A search that was saved under a name. */
export const View = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Everybody of the workspace sees it; else only who made it. */
  isShared: z.boolean(),
  /** Whose it is: who asks, and nobody else, can change it. */
  isMine: z.boolean(),
  madeBy: z.string(),
  search: ViewSearch,
  createdAt: Instant,
  updatedAt: Instant,
});
export type View = z.infer<typeof View>;
/** Those of who asks and those that are shared, by name. */
export const ViewList = z.object({ items: z.array(View) });

export const NewView = z.object({ name: ViewName, isShared: z.boolean().default(false), search: RequestedSearch });
export type NewView = z.infer<typeof NewView>;
/** What is left out stays. */
export const ViewChange = z.object({
  name: ViewName.optional(),
  isShared: z.boolean().optional(),
  search: RequestedSearch.optional(),
});
export type ViewChange = z.infer<typeof ViewChange>;
export const ViewParams = z.object({ viewId: z.uuid() });
