export { share as formatShare } from '@/lib/core/text/words';
const measure = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' });

/** `1,234,567`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** What a rule measured: a count, or an amount with its fraction. */
export function formatMeasure(value: number): string {
  return measure.format(value);
}

/** `1.2M`, for axes where the exact figure stands elsewhere. */
export function formatCompact(count: number): string {
  return compact.format(count);
}

/** `$1,204.50`. */
export function formatUsd(amountUsd: number): string {
  return dollars.format(amountUsd);
}

/** `3 records`, `1 record`. Nouns that do not just take an s pass their plural. */
export function formatNoun(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** Change from `before` to `now`: `+12%`, `−40%`, `no change`; null when there is nothing to compare with. */
export function formatChange(now: number, before: number): string | null {
  if (before === 0) return now === 0 ? 'no change' : null;
  const percent = Math.round(((now - before) / before) * 100);
  if (percent === 0) return 'no change';
  return `${percent > 0 ? '+' : '−'}${formatCount(Math.abs(percent))}%`;
}
