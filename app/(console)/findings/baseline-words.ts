import { formatMeasure, formatNoun } from '@/app/_components/format/number';
import type { Measures } from '@/lib/core/rules/kinds/measures';

const UNITS: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

/** A length as a rule has it, `15m`, in words. */
export function lengthWords(written: string): string {
  const unit = UNITS[written.slice(-1)];
  return unit ? formatNoun(Number(written.slice(0, -1)), unit) : written;
}

/** What the history counts as, where the rule has it count as more than there was (`at-least`); else null. */
export function countedAs({ baseline, count }: Pick<Measures, 'baseline' | 'count'>): number | null {
  if (!baseline?.ratio || baseline.perWindow === null) return null;
  const divisor = count / baseline.ratio;
  return divisor > baseline.perWindow * (1 + 1e-9) ? Number(divisor.toPrecision(6)) : null;
}

/** Of less than one two digits say enough. */
export function formatHistory(perWindow: number): string {
  return formatMeasure(perWindow < 1 ? Number(perWindow.toPrecision(2)) : perWindow);
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
  const times = formatMeasure(Math.round(ratio * 10) / 10);
  const least = countedAs({ baseline, count });
  return least === null
    ? `At most ${most}: ${times} times the ${formatHistory(perWindow)} it had in as long over ${before}.`
    : `At most ${most}: ${times} times the ${formatMeasure(least)} that its history counts as at least; it had ${formatHistory(perWindow)} in as long over ${before}.`;
}
