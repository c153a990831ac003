import { searchField } from './fields';
import { parseSearch } from './parse';

/** `field:value` as a search writes it, exactly this value; of a decision, a number and a time, which are one word, without quotes. */
export function termOf(field: string, value: string): string {
  const type = searchField(field)?.type;
  if (type === 'decision' || type === 'number' || type === 'time') return `${field}:${value}`;
  return `${field}:${quoted(value)}`;
}

/** A text as a search writes it, whatever it holds. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A text as a search writes it without quotes, so that a pattern can go on behind it. */
export function bare(text: string): string {
  return text.replaceAll(/[\s()"\\*?]/g, String.raw`\$&`);
}

/** What a search says of a value: that it must be, that it must not, or nothing. */
export function standsIn(search: string, field: string, value: string): 'in' | 'out' | null {
  const parts = partsOf(search);
  const term = termOf(field, value);
  return parts.includes(term) ? 'in' : parts.includes(`-${term}`) ? 'out' : null;
}

/** The search with a value asked for, or kept out; without it when that is what it says already. */
export function toggleTerm(search: string, field: string, value: string, as: 'in' | 'out'): string {
  const term = termOf(field, value);
  const was = standsIn(search, field, value);
  const rest = partsOf(search).filter((part) => part !== term && part !== `-${term}`);
  return [...rest, ...(was === as ? [] : [as === 'in' ? term : `-${term}`])].join(' ');
}

/** What must all hold, part by part; a search that cannot be read is one part. */
function partsOf(search: string): string[] {
  try {
    const { parts } = parseSearch(search);
    const written = parts.map(({ from, to }) => search.slice(from, to));
    return parts.length === 1 && parts[0]?.to === search.length && /\sOR\s/.test(search)
      ? [`(${search.trim()})`]
      : written;
  } catch {
    return search.trim() === '' ? [] : [search.trim()];
  }
}
