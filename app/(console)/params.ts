export type Search = Promise<Record<string, string | string[] | undefined>>;

/** The first value of a query parameter. */
export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
