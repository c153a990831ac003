/** What is wrong by a schema, in words: the first three, each with its place. */
export function schemaIssues(list: readonly { path: PropertyKey[]; message: string }[]): string {
  return list
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join('.') || 'statement'}: ${message}`)
    .join('; ');
}
