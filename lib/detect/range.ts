/** Half-open. */
export type Range = { from: Date; to: Date };

/** The least range that holds both. */
export function spanOfBoth(a: Range, b: Range): Range {
  return { from: a.from < b.from ? a.from : b.from, to: a.to > b.to ? a.to : b.to };
}

export function lengthMs({ from, to }: Range): number {
  return to.getTime() - from.getTime();
}
