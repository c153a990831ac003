import type { EventItem } from './asked';

/** The rows of a table of records, read where they are looked at. */
export type Rows = {
  count: number;
  /** The record of a row; undefined while it is on the way. */
  rowAt: (row: number) => EventItem | undefined;
  /** Tells which rows are in view. */
  show: (first: number, last: number) => void;
  /** `loading` is of all of it: what is shown is of what was asked before. */
  state: 'loading' | 'ready' | 'failed';
  error: unknown;
};
