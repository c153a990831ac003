import type { LakeMigration } from './migration';

const WORD = 'LowCardinality(String)';
/** Columns it adds, in their order, behind `latency_ms`. */
const ADDED = [
  ['original_decision', WORD],
  ['reason_code', WORD],
  ['policy_digest', WORD],
  ['resource_class', WORD],
  ['host', WORD],
  ['actor', WORD],
  ['delegator', WORD],
  ['upstream_status', 'UInt32'],
  ['flags', 'String'],
  ['extra', 'String'],
] as const;

/** More of what records state: the words of the writer, codes, who for, where, flags, and the rest. */
export const moreFields: LakeMigration = {
  id: '0004-more-fields',
  kind: 'rebuild',
  inPlace: (table) =>
    ADDED.map(
      ([name, type], index) =>
        `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${name} ${type} AFTER ${ADDED[index - 1]?.[0] ?? 'latency_ms'}`,
    ),
  remakes: [...ADDED.map(([name]) => name), 'reason', 'protocol'],
};
