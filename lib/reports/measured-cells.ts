import type { Finding } from '../schemas/findings';

/** What a finding states besides its records, as cells: empty where its kind has no such figure. */
export function measuredCells(measures: Finding['measures']): {
  count: number | '';
  threshold: number | '';
  timespan: string;
} {
  if (measures.kind === 'evidence') return { count: '', threshold: '', timespan: '' };
  const { count, threshold, timespan } = measures;
  return { count, threshold, timespan };
}
