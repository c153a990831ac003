/** `1,813,009 records`. */
export function many(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1,813,009`. By hand: the first use of a locale costs a command as much as Node's own start. */
export function figure(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `43%`; nothing short of all is called all of it, and nothing but none 0%. A dash where there is nothing to have a share of. */
export function share(part: number, of: number): string {
  if (of === 0) return '–';
  const percent = (part / of) * 100;
  if (part === 0) return '0%';
  if (part >= of) return '100%';
  if (percent < 0.1) return 'under 0.1%';
  if (percent > 99 || percent < 1) return `${(Math.floor(percent * 10) / 10).toFixed(1)}%`;
  return `${Math.round(percent)}%`;
}

/** A clause as a sentence; one that is one stays so. */
export function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** The first five. */
export function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join('; ')}; and ${figure(names.length - 5)} more` : names.join('; ');
}
