/** The value when it is a string, else empty. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The first that is a string with something in it. */
export function firstText(...values: unknown[]): string {
  for (const value of values) if (typeof value === 'string' && value !== '') return value;
  return '';
}

/** A finite number of at least zero, else zero. */
export function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** As `amount`, cut to a whole number a double holds exactly. */
export function count(value: unknown): number {
  return Math.min(Math.trunc(amount(value)), Number.MAX_SAFE_INTEGER);
}

/** Values the writer replaced by `[REDACTED]`. */
export function redactions(value: unknown): number {
  let found = 0;
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (next === '[REDACTED]') found += 1;
    else if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) pending.push(inner);
  }
  return found;
}
