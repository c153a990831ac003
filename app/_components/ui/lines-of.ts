/** What was written into a field one thing a line, without empty lines. `between` is what else may stand between two. */
export function linesOf(value: FormDataEntryValue | null, between: string | RegExp = '\n'): string[] {
  return String(value ?? '')
    .split(between)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
