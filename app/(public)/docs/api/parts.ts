import { type ApiDocument, OPENAPI_METHODS, type Operation, partSlug } from '@/lib/schemas/openapi';

export type Placed = { at: string; method: string; operation: Operation };
export type Part = { name: string; description: string; slug: string; operations: Placed[] };

/** The parts of the API in the order of the document, each with its operations. */
export function partsOf({ tags, paths }: ApiDocument): Part[] {
  const all = Object.entries(paths).flatMap(([at, item]) =>
    OPENAPI_METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ at, method, operation }] : [];
    }),
  );
  return tags.map((tag) => ({
    ...tag,
    slug: partSlug(tag.name),
    operations: all.filter(({ operation }) => operation.tags[0] === tag.name),
  }));
}

/** Names of the schemas that operations lead to, in the order of the alphabet. */
export function schemasOf({ components: { schemas } }: ApiDocument, operations: readonly Placed[]): string[] {
  const reached = new Set<string>();
  const reach = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (reached.has(name)) continue;
      reached.add(name);
      reach(schemas[name] ?? {});
    }
  };
  reach(operations.map(({ operation }) => operation));
  return [...reached].toSorted();
}
