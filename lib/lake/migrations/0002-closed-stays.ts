import type { LakeMigration } from './migration';

/** A row of an open segment never takes the place of the same record's in the segment that was closed over it. */
export const closedStays: LakeMigration = {
  id: '0002-closed-stays',
  kind: 'rebuild',
  inPlace: (table) => [
    `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS is_closed UInt8 MATERIALIZED segment_digest != ''`,
  ],
};
