import type { View, ViewSearch } from '@/lib/schemas/views';

/** Where a view is seen: its search, period, columns and order as the page has them, and which view it is. */
export function viewAddress({
  id,
  search: { q, period, from, to, columns, sort },
}: Pick<View, 'id' | 'search'>): string {
  return `/events?${new URLSearchParams({
    view: id,
    ...(q && { q }),
    ...(period && { period }),
    ...(from && to && { from, to }),
    ...(columns && { columns: columns.join(',') }),
    ...(sort && { sort }),
  })}`;
}

/** Whether two find and show the same. */
export function isSameSearch(a: ViewSearch, b: ViewSearch): boolean {
  const said = ({ q, period, from, to, columns, sort = null }: ViewSearch): string =>
    JSON.stringify([q, period, from && Date.parse(from), to && Date.parse(to), columns, sort]);
  return said(a) === said(b);
}
