import { formatNoun } from '@/app/_components/format/number';
import type { Rule } from '@/lib/schemas/rules';

const COUNTED = {
  record: 'Each record',
  chain: 'Chains',
  baseline: 'More than before',
  event_count: 'Records',
  new_terms: 'New terms',
  temporal: 'Several rules',
  temporal_ordered: 'Rules in order',
  value_avg: 'Average',
  value_count: 'Different values',
  value_median: 'Median',
  value_percentile: 'Percentile',
  value_sum: 'Sum',
} as const satisfies Record<Rule['kind'], string>;

/** What a rule counts, over how long and by what. */
export function howRuleCounts({ kind, timespan, groupBy }: Pick<Rule, 'kind' | 'timespan' | 'groupBy'>): string {
  if (kind === 'record' || kind === 'chain') return COUNTED[kind];
  const by = groupBy.map((field) => field.replaceAll('_', ' ')).join(' and ');
  return `${COUNTED[kind]} in ${timespan}${by && `, by ${by}`}`;
}

/** What makes a rule look, and how often it did. */
export function scheduleWords({
  isEnabled,
  schedule: { everySeconds, looksOfDay },
}: Pick<Rule, 'isEnabled' | 'schedule'>): string {
  if (!isEnabled) return 'Not, it is disabled';
  const when = everySeconds === null ? 'At once when records come' : `Every ${formatNoun(everySeconds, 'second')}`;
  return `${when}; ${formatNoun(looksOfDay, 'time')} in the last 24 hours`;
}

/** What came and is not looked at yet. */
export function lagWords({ records, seconds }: NonNullable<Rule['lag']>): string {
  if (records === 0) return 'Nothing: all that came is looked at';
  return `${formatNoun(records, 'record')}, ${formatNoun(Math.ceil(seconds), 'second')}`;
}
