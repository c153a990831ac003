import { eventCount } from './event-count';

/** Every kind of rule. */
const KINDS = [eventCount] as const;

type Kind = (typeof KINDS)[number];
export type Correlation = ReturnType<Kind['parse']>;

export const KIND_TYPES = KINDS.map(({ type }) => type);
export const KIND_SCHEMAS = [eventCount.schema] as const;

/** The kind of a correlation whose type a schema of these took. */
export function kindOf({ type }: { type?: unknown }): Kind {
  const kind = KINDS.find((one) => one.type === type);
  if (!kind) throw new Error(`there is no kind of rule ${String(type)}`);
  return kind;
}
