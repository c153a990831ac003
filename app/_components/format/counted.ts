import { MOST_COUNTED } from '@/lib/schemas/most-counted';
import { formatCount, formatNoun } from './number';

/** A number of findings, which are counted up to so many: `12`, or `1,000 or more`. */
export function formatCounted(count: number): string {
  return count < MOST_COUNTED ? formatCount(count) : `${formatCount(count)} or more`;
}

/** `12 findings`, or `1,000 or more findings`. */
export function formatCountedNoun(count: number, noun: string): string {
  return count < MOST_COUNTED ? formatNoun(count, noun) : `${formatCounted(count)} ${noun}s`;
}

/** Where there is little room: `12`, or `1,000+`. */
export function formatCountedShort(count: number): string {
  return count < MOST_COUNTED ? formatCount(count) : `${formatCount(count)}+`;
}
