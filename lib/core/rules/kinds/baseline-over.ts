import { eventCount } from './event-count';
import type { Condition, Correlation, Past } from './kind';
import { valueCount } from './value-count';
import { valueSum } from './value-sum';

/** What is measured of a window: a kind that adds up. */
export const OVER = { event_count: eventCount, value_count: valueCount, value_sum: valueSum } as const;
export type Over = keyof typeof OVER;

/** When a window is more than its history. */
export type Excess = {
  /** Of what is measured by its baseline, when the history is enough to tell one. */
  ratio: Condition[] | null;
  /** Where it is not: what is measured, and the share that the matches are of all records of the window. */
  cold: { measured: Condition[]; share: Condition[] } | null;
};

/** A correlation whose windows are held against what the same group did before them. */
export type Baseline = Correlation & {
  type: 'baseline';
  past: Past;
  /** The correlation that it narrows: what is measured, and the least that has to be. */
  over: Correlation & { type: Over };
  /** What a window is held against: the rate of the history, or a percentile of the windows it is cut into. */
  of: 'rate' | { percentile: number };
  /** As written. */
  history: string;
  /** A baseline that is less counts as this. */
  atLeast: number;
  /** A history of less is a cold start. */
  warm: { records: number; windows: number };
  /** What a history is that lies at one moment. */
  instant: 'cold' | 'pass';
  excess: Excess;
  /** Worst first, each as `severityOf` has it: a window has the first that holds of it. */
  levels: { severity: number; excess: Excess }[];
  /** Of a window that none of these holds of; 0 without levels. */
  severity: number;
};
