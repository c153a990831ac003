import { formatMeasure, formatNoun } from '@/app/_components/format/number';
import type { Measures } from '@/lib/core/rules/kinds/measures';

const UNITS: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

/** A length as a rule has it, `15m`, in words. */
export function lengthWords(written: string): string {
  const unit = UNITS[written.slice(-1)];
  return unit ? formatNoun(Number(written.slice(0, -1)), unit) : written;
}

/** What was measured beside what its history has, in a sentence; null of a rule that looks at no history. */
export function baselineWords({
  baseline,
  count,
  timespan,
}: Pick<Measures, 'baseline' | 'count' | 'timespan'>): string | null {
  if (!baseline) return null;
  const { perWindow, ratio, history } = baseline;
  const most = `${formatMeasure(count)} in ${lengthWords(timespan)}`;
  const before = history === 'all' ? 'all the time before' : `the ${lengthWords(history)} before`;
  if (perWindow === null) return `At most ${most}, after too little history to compare it with.`;
  if (ratio === null) return `At most ${most}, after none in ${before}.`;
  return `At most ${most}: ${formatMeasure(Math.round(ratio * 10) / 10)} times the ${formatMeasure(perWindow)} it had in as long over ${before}.`;
}
