/** Addresses of the pages of a list that keep all else of the address. */
export function pageLinks(
  path: string,
  search: Readonly<Record<string, string | string[] | undefined>>,
  next: string | null,
  param = 'cursor',
): { first: string | null; next: string | null } {
  const query = new URLSearchParams(
    Object.entries(search).flatMap(([name, value]) => {
      const [first] = [value].flat();
      return name === param || first === undefined ? [] : [[name, first]];
    }),
  );
  const first = query.size > 0 ? `${path}?${query}` : path;
  if (next !== null) query.set(param, next);
  return { first: search[param] === undefined ? null : first, next: next === null ? null : `${path}?${query}` };
}
