import * as z from 'zod';
import { MAX_SEARCH_LENGTH } from '../core/search/parse';
import { SEARCH_FIELDS } from '../core/search/fields';
import { ChainRecord } from './chains';
import { AFTER_FROM, PageQuery, Period, RequestedInstant, isInOrder, someOf } from './common';
import { Bucket } from './reports';

/** A record of any chain, with the name of its chain. */
const EventItem = ChainRecord.extend({ chainName: z.string() });

/** A search over a half-open period, in the language `docs/search.md` specifies; an empty one finds every record that states a time in it. */
const Searched = z.object({
  q: z.string().max(MAX_SEARCH_LENGTH).default(''),
  from: RequestedInstant,
  to: RequestedInstant,
});

export const EventsQuery = Searched.extend(PageQuery.shape).refine(isInOrder, AFTER_FROM);
/** Newest first. `nextCursor` leads to older ones, and stays right while newer ones arrive. */
export const EventsPage = z.object({ items: z.array(EventItem), nextCursor: z.string().nullable() });
export type EventsPage = z.infer<typeof EventsPage>;

/** What a search finds, as a file. */
export const EventsFileQuery = Searched.extend({ bom: z.stringbool().default(false) }).refine(isInOrder, AFTER_FROM);

export const HistogramQuery = Searched.refine(isInOrder, AFTER_FROM);
export const EventHistogram = z.object({
  period: Period,
  stepSeconds: z.number().int(),
  /** Every record found. */
  total: z.number().int(),
  /** Steps from the one `from` lies in to the one before `to`; empty ones are there with no counts. */
  buckets: z.array(Bucket),
});
export type EventHistogram = z.infer<typeof EventHistogram>;

/** Fields that have a list of their values, as searches call them. */
const FACETS = SEARCH_FIELDS.filter(({ type }) => type === 'text' || type === 'decision' || type === 'chain').flatMap(
  ({ names: [name] }) => (name === undefined || name === 'segment_digest' || name === 'prev_hash' ? [] : [name]),
);
const USUAL_FACETS = ['decision', 'kind', 'chain', 'agent', 'tool', 'policy', 'model', 'format', 'integrity'];

export const FacetsQuery = Searched.extend({
  fields: someOf(FACETS).default(USUAL_FACETS),
  /** Values of each field, those of most records first. */
  limit: z.coerce.number().int().min(1).max(500).default(8),
}).refine(isInOrder, AFTER_FROM);
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
