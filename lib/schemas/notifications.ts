import * as z from 'zod';
import { Instant, Level, PageQuery, page, someOf, sortBy } from './common';

/** What somebody can be told of. */
const EVENT_KINDS = ['finding.new', 'finding.grown', 'verdict.bad', 'job.stuck'] as const;
const NotificationEvent = z.enum(EVENT_KINDS);
/** What those are told of whom a report names, whatever else they are told of. */
const REPORT_KINDS = ['report.done', 'report.failed'] as const;
/** Everything there is to tell. */
export const ToldEvent = z.enum([...EVENT_KINDS, ...REPORT_KINDS]);
/** What a message tells: one of these, many findings of one rule at once, or nothing but that it arrives. */
export const DeliveryKind = z.enum([...EVENT_KINDS, ...REPORT_KINDS, 'findings.many', 'test']);
export type DeliveryKind = z.infer<typeof DeliveryKind>;
export const DestinationKind = z.enum(['webhook', 'slack', 'email']);
export type DestinationKind = z.infer<typeof DestinationKind>;

const isText = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);
const Line = z.string().trim().min(1).refine(isText, { message: 'must be text without control characters' });

/** Which of it a destination is told of. */
export const NotificationFilter = z.object({
  events: z
    .array(NotificationEvent)
    .min(1)
    .max(EVENT_KINDS.length)
    .refine((events) => new Set(events).size === events.length, { message: 'names one twice' }),
  /** Of findings, those of this level or a worse one. */
  minLevel: Level.default('informational'),
  /** Of findings, those of these rules; of all where there are none. */
  ruleIds: z.array(z.guid()).max(100).default([]),
  /** Names of chains, with `*` for any text and `?` for one character; any chain where there are none. */
  chains: z.array(Line.max(200)).max(50).default([]),
});
export type NotificationFilter = z.infer<typeof NotificationFilter>;

/** An attempt to send a message. */
export const Try = z.object({
  at: Instant,
  ok: z.boolean(),
  /** What was answered: the status of HTTP, the code of SMTP; null when nothing was. */
  status: z.number().int().nullable(),
  /** Why it did not arrive; null when it did. */
  failure: z.string().nullable(),
  /** The first KiB of the answer. */
  answer: z.string(),
  durationMs: z.number().int(),
});
export type Try = z.infer<typeof Try>;

export const Destination = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: DestinationKind,
  /** Where it is, as far as that is no secret. */
  address: z.string(),
  isEnabled: z.boolean(),
  filter: NotificationFilter,
  createdBy: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
  /** When a message arrived last. */
  sentAt: Instant.nullable(),
  /** Attempts in a row that failed; null when the last one did not. */
  failing: z
    .object({ since: Instant, failures: z.number().int(), failure: z.string(), nextTryAt: Instant.nullable() })
    .nullable(),
  /** Messages that were given up. */
  failed: z.number().int(),
});
export type Destination = z.infer<typeof Destination>;
export const DestinationList = z.object({
  items: z.array(Destination),
  /** Whether mail can be sent: an operator says by what server. */
  hasMail: z.boolean(),
});
export type DestinationList = z.infer<typeof DestinationList>;
/** `secret` is what a webhook's signatures are checked with; it is answered here and never again. */
export const CreatedDestination = Destination.extend({ secret: z.string().nullable() });
export type CreatedDestination = z.infer<typeof CreatedDestination>;

const Named = { name: Line.max(100), isEnabled: z.boolean().default(true), filter: NotificationFilter };
const Address = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
  .max(2_000);
export const NewDestination = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), url: Address, ...Named }),
  z.object({ kind: z.literal('slack'), url: Address, ...Named }),
  z.object({ kind: z.literal('email'), to: z.array(z.email().max(254)).min(1).max(20), ...Named }),
]);
export type NewDestination = z.output<typeof NewDestination>;
/** Where messages go. */
export type DestinationAddress = { kind: 'webhook' | 'slack'; url: string } | { kind: 'email'; to: string[] };
/** What is left out stays, and so does the secret of a webhook. `url` is of a webhook and of Slack, `to` of mail. */
export const DestinationChange = z.object({
  url: Address.optional(),
  to: z.array(z.email().max(254)).min(1).max(20).optional(),
  name: Line.max(100).optional(),
  isEnabled: z.boolean().optional(),
  filter: NotificationFilter.optional(),
});
export type DestinationChange = z.output<typeof DestinationChange>;
export const DestinationParams = z.object({ destinationId: z.uuid() });

export const DELIVERY_STATES = ['waiting', 'sent', 'failed'] as const;
export const Delivery = z.object({
  /** The `webhook-id` of every attempt. */
  id: z.uuid(),
  destinationId: z.uuid(),
  destination: z.string(),
  kind: DeliveryKind,
  /** What it tells, in a line. */
  title: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number().int(),
  createdAt: Instant,
  /** Null once it has ended. */
  nextTryAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** Newest first, at most 20. */
  tries: z.array(Try),
});
export type Delivery = z.infer<typeof Delivery>;
export const DeliveryPage = page(Delivery);
export const DeliverySort = sortBy(['created', 'message', 'destination', 'state']);
export type DeliverySort = z.infer<typeof DeliverySort>;
export const DeliveriesQuery = PageQuery.extend({
  destinationId: z.uuid().optional(),
  state: someOf(DELIVERY_STATES).optional(),
  /** Newest first, unless another is asked for. */
  sort: DeliverySort.optional(),
});
export const DeliveryParams = z.object({ deliveryId: z.uuid() });
