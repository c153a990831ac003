import type { ColumnType, Generated, Selectable } from 'kysely';
import type { DeliveryKind, DestinationKind, NotificationFilter, Try } from '../schemas/notifications';

/** Who is told, of what. `sealed` is its address and secret, encrypted; `address` is what of that may be shown. */
export type NotificationDestinationsTable = {
  id: Generated<string>;
  workspace_id: string;
  name: string;
  kind: DestinationKind;
  address: string;
  sealed: string;
  filter: ColumnType<NotificationFilter, string, string>;
  is_enabled: boolean;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  /** Attempts in a row, whatever of, that got no answer it can be told by; while there are some it is tried when `next_try_at` says. */
  failures: Generated<number>;
  failing_since: Date | null;
  failure: string | null;
  next_try_at: Date | null;
  sent_at: Date | null;
};
export type DestinationRow = Selectable<NotificationDestinationsTable>;

/** What there is to tell, left by whoever made it so in the same transaction; gone once it is known whom to tell. */
export type NotificationEventsTable = {
  id: Generated<string>;
  kind: string;
  /** Of the finding, the chain or the job. */
  subject_id: string;
  facts: ColumnType<Record<string, unknown>, string, never>;
  at: Date;
};

/** One message to one destination. Its id is that of the message, which every attempt repeats. */
export type NotificationDeliveriesTable = {
  id: Generated<string>;
  destination_id: string;
  /** What it tells: nothing is told twice. */
  key: string;
  kind: DeliveryKind;
  subject_id: string;
  rule_id: string | null;
  title: string;
  facts: ColumnType<Record<string, unknown>, string, never>;
  /** Findings it tells of. */
  count: Generated<number>;
  /** As it is sent, from the first attempt on. */
  message: ColumnType<Record<string, unknown> | null, string | undefined, string>;
  state: Generated<'waiting' | 'sent' | 'failed'>;
  attempts: Generated<number>;
  /** The newest, at most 20. */
  tries: ColumnType<Try[], string | undefined, string>;
  next_try_at: Date;
  created_at: Date;
  give_up_at: Date;
  ended_at: Date | null;
};
export type DeliveryRow = Selectable<NotificationDeliveriesTable>;

/** The bad verdict of a chain that was told of last: told again only when it is another. */
export type AnnouncedVerdictsTable = { chain_id: string; verdict: string };
