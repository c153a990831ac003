/** Fields of few different values, of which a few hundred combinations make up most of what agents do: the lake keeps them as one word too. */
export const TRAITS = ['format', 'kind', 'tool', 'decision', 'policy', 'model'] as const;

/** The word: the values one after another. No text of the lake holds a NUL, so that it says what each of them is. */
export const TRAITS_SQL = `concatWithSeparator('\\0', ${TRAITS.join(', ')})`;

/** What the word of a row is. */
export function traitsOf(row: Readonly<Record<string, unknown>>): string {
  return TRAITS.map((name) => String(row[name])).join('\0');
}
