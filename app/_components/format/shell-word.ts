/** A text as a POSIX shell takes it for one word: in quotes, whatever is in it, unless it means the same without. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
