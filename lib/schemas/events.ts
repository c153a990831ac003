import * as z from 'zod';
import { MAX_SEARCH_LENGTH } from '../core/search/parse';
import { SORT_FIELDS } from '../core/event/table-columns';
import { SEARCH_FIELDS } from '../core/search/fields';
import { ChainRecord } from './chains';
import { AFTER_FROM, PageQuery, Period, RequestedInstant, isInOrder, someOf, sortBy } from './common';
import { Bucket } from './reports';

/** A record of any chain, with the name of its chain. */
const EventItem = ChainRecord.extend({ chainName: z.string() });

const RunName = z.string().regex(/^[\w-]{1,64}$/);
const searchedTime = (example: string) =>
  RequestedInstant.optional().meta({
    json: {
      type: 'string',
      format: 'date-time',
      description: 'May be left out where a chain bounds the search, with the other end of the period.',
      examples: [example],
    },
  });

/**
 * A search over a half-open period, a chain or both, in the language `docs/search.md` specifies; an empty one finds every record that states
 * a time in the period, or every one of the chain.
 */
export const Searched = z.object({
  q: z.string().max(MAX_SEARCH_LENGTH).default(''),
  from: searchedTime('2026-05-01T00:00:00Z'),
  to: searchedTime('2026-06-01T00:00:00Z'),
  chain: z.uuid().optional().describe('Searches this chain alone, in its order.'),
  run: RunName.optional().describe(
    'A name of its own, under which `/api/v1/events/progress` tells how far the search has come.',
  ),
});
type Bounds = { from?: string | undefined; to?: string | undefined; chain?: string | undefined };
export const isBounded = ({ from, to, chain }: Bounds): boolean =>
  from === undefined ? to === undefined && chain !== undefined : to !== undefined;
export const BOUNDS = { message: 'is needed with to, or a chain instead of both', path: ['from'] };
export const isPeriod = ({ from, to }: Bounds): boolean =>
  from === undefined || to === undefined || isInOrder({ from, to });

/** By a field upwards, or downwards with a minus before it. */
export const EventSort = sortBy(SORT_FIELDS.map(({ name }) => name));
export const EventsQuery = Searched.extend(PageQuery.shape)
  .extend({
    /** Of a chain: from this record on, where no order is asked for. */
    ordinal: z.coerce.number().int().min(0).default(0),
    /** `-recorded_at`, newest first, where it is left out, or the order of the chain that is searched. A text is put in order by its first 60 characters, in small letters; what a record does not state comes before everything. */
    sort: EventSort.optional(),
  })
  .refine(isBounded, BOUNDS)
  .refine(isPeriod, AFTER_FROM);
/**
 * Newest first, in the order of the chain that is searched, or in the one that is asked for. `nextCursor` leads to those behind in that order, and
 * stays right while others arrive.
 */
export const EventsPage = z.object({ items: z.array(EventItem), nextCursor: z.string().nullable() });
export type EventsPage = z.infer<typeof EventsPage>;

/** What a search finds, as a file. */
export const EventsFileQuery = Searched.extend({ bom: z.stringbool().default(false) })
  .refine(isBounded, BOUNDS)
  .refine(isPeriod, AFTER_FROM);

export const HistogramQuery = Searched.refine(isBounded, BOUNDS).refine(isPeriod, AFTER_FROM);
export const EventHistogram = z.object({
  /** The one that was asked for; of a chain without one, from the first time its records state to the last. Null where none is stated. */
  period: Period.nullable(),
  stepSeconds: z.number().int(),
  /** Every record found. */
  total: z.number().int(),
  /** Those of them that state no time, which are in no step. */
  untimed: z.number().int(),
  /** Steps from the one `from` lies in to the one before `to`; empty ones are there with no counts. */
  buckets: z.array(Bucket),
});
export type EventHistogram = z.infer<typeof EventHistogram>;

export const ProgressQuery = z.object({ run: RunName });
export const SearchProgress = z.object({
  /** False of a search that has ended, waits for its turn, or runs on another host of a cluster. */
  isRunning: z.boolean(),
  seconds: z.number(),
  rowsRead: z.number().int(),
  /** About how many it will read. */
  rowsTotal: z.number().int(),
});
export type SearchProgress = z.infer<typeof SearchProgress>;

/** Fields that have a list of their values, as searches call them. */
const FACETS = SEARCH_FIELDS.filter(({ type }) => type === 'text' || type === 'decision' || type === 'chain').flatMap(
  ({ names: [name] }) => (name === undefined || name === 'segment_digest' || name === 'prev_hash' ? [] : [name]),
);
const USUAL_FACETS = ['decision', 'kind', 'chain', 'agent', 'tool', 'policy', 'model', 'format', 'integrity'];

export const FacetsQuery = Searched.extend({
  fields: someOf(FACETS).default(USUAL_FACETS),
  /** Values of each field, those of most records first. */
  limit: z.coerce.number().int().min(1).max(500).default(8),
})
  .refine(isBounded, BOUNDS)
  .refine(isPeriod, AFTER_FROM);
export const Facets = z.object({
  facets: z.array(
    z.object({
      field: z.string(),
      label: z.string(),
      /** `name` is what to show where that is not the value: of a chain. */
      values: z.array(z.object({ value: z.string(), name: z.string().optional(), count: z.number().int() })),
      /** About how many more different values there are. */
      more: z.number().int(),
    }),
  ),
});
export type Facets = z.infer<typeof Facets>;
