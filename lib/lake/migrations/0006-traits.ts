import type { LakeMigration } from './migration';

const TRAITS = `concatWithSeparator('\\0', format, kind, tool, decision, policy, model)`;

/** Fields of few values as one word too, by which their values are counted at once. It is made from them where it is not stored yet. */
export const traits: LakeMigration = {
  id: '0006-traits',
  kind: 'in-place',
  inPlace: (table) => [
    `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS traits LowCardinality(String) MATERIALIZED ${TRAITS}`,
  ],
};
