/** A LIKE pattern that finds `text` anywhere, its own wildcards taken literally. */
export function likeText(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
