/** `1,813,009 records`. */
export function many(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1,813,009`. By hand: the first use of a locale costs a command as much as Node's own start. */
export function figure(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A clause as a sentence; one that is one stays so. */
export function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** The first five. */
export function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join('; ')}; and ${figure(names.length - 5)} more` : names.join('; ');
}
