import { eventCount } from './event-count';
import type { RuleKind } from './kind';

/** Every kind of rule. */
export const KINDS: readonly [RuleKind, ...RuleKind[]] = [eventCount];

/** The kind of a correlation whose type a schema of these took. */
export function kindOf({ type }: { type?: unknown }): RuleKind {
  const kind = KINDS.find((one) => one.type === type);
  if (!kind) throw new Error(`there is no kind of rule ${String(type)}`);
  return kind;
}
