/** `1,813,009 records`. */
export function many(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function figure(count: number): string {
  return count.toLocaleString('en-GB');
}

/** One thing stated and found again, or not. */
export function compared(title: string, stated: string | number | null, found: string | number | null): { outcome: 'holds' | 'fails'; title: string; detail: string } {
  const told = (value: string | number | null) => (value === null ? 'none' : typeof value === 'number' ? figure(value) : value);
  return stated === found ? { outcome: 'holds', title, detail: `Stated and found: ${told(found)}.` } : { outcome: 'fails', title, detail: `Stated: ${told(stated)}. Found: ${told(found)}.` };
}

/** The first five. */
export function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join('; ')}; and ${figure(names.length - 5)} more` : names.join('; ');
}
