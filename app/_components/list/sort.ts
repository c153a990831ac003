/** An order as addresses write it: `name` upwards, `-name` downwards. */
type Sort = { by: string; isDown: boolean };

export function readSort(written: string): Sort {
  return written.startsWith('-') ? { by: written.slice(1), isDown: true } : { by: written, isDown: false };
}

/** The order an address asks for, when it is by one of `columns`; else `usual`. */
export function sortOf<T extends string>(
  written: string | undefined,
  columns: readonly T[],
  usual: T | `-${T}`,
): T | `-${T}` {
  const known = columns.flatMap((column) => [column, `-${column}` as const]);
  return known.find((sort) => sort === written) ?? usual;
}

/** Rows that are all there, in an order; rows that are equal in it stay as they stood. Null comes before every value. */
export function sorted<Row, T extends string>(
  rows: readonly Row[],
  sort: T | `-${T}`,
  values: Readonly<Record<T, (row: Row) => string | number | null>>,
): Row[] {
  const { by, isDown } = readSort(sort);
  const valueOf = values[by as T]; // an order is by one of them
  const sign = isDown ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(valueOf(a), valueOf(b)));
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : a < b ? -1 : 1;
}
