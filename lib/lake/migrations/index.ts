import { firstEvents } from './0001-events';
import type { LakeMigration } from './migration';

/** In order. */
export const LAKE_MIGRATIONS: readonly LakeMigration[] = [firstEvents];
