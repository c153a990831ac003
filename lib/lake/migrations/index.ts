import { firstEvents } from './0001-events';
import { closedStays } from './0002-closed-stays';
import { words } from './0003-words';
import { moreFields } from './0004-more-fields';
import { byWeek } from './0005-by-week';
import { traits } from './0006-traits';
import { argumentShape } from './0008-argument-shape';
import type { LakeMigration } from './migration';

/** In order. */
export const LAKE_MIGRATIONS: readonly LakeMigration[] = [
  firstEvents,
  closedStays,
  words,
  moreFields,
  byWeek,
  traits,
  argumentShape,
];
