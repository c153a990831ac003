/** As excerpts of a chain are called; of a session or run the records need not follow one another. */
const EXCERPT = /\.(records-\d+-\d+|(?:session|run)-.+)\.jsonl$/;

/** Null for a name that is not one of an excerpt. */
export function excerptNamed(name: string): { isContiguous: boolean } | null {
  const part = EXCERPT.exec(name)?.[1];
  return part === undefined ? null : { isContiguous: part.startsWith('records-') };
}
