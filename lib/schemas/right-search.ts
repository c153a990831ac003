/** What is right of a saved search beyond its members, which both the schema and browsers ask. */

type Span = { period: string | null; from: string | null; to: string | null };

/** It is a range that ends now, or from one time to a later one. */
export function isSpan({ period, from, to }: Span): boolean {
  return period === null ? from !== null && to !== null && from < to : !from && !to;
}

export function namesEachOnce(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

type Saved = { search: Span & { columns: readonly string[] | null } };

export function isRightView({ search }: Saved): boolean {
  return isSpan(search) && namesEachOnce(search.columns ?? []);
}

export function areRightViews({ items }: { items: readonly Saved[] }): boolean {
  return items.every(isRightView);
}
