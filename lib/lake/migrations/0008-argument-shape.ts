import type { LakeMigration } from './migration';

/** The names of the arguments that tools were called with. */
export const argumentShape: LakeMigration = {
  id: '0008-argument-shape',
  kind: 'rebuild',
  inPlace: (table) => [
    `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS argument_shape LowCardinality(String) AFTER flags`,
  ],
  remakes: ['argument_shape'],
};
