/** What a spreadsheet takes for the start of a formula, at the start of a cell or of a line in it; apostrophes before it do not tell. */
const FORMULA = /(?<=^|[\r\n])(?='*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/g;
const GUARD = /(?<=^|[\r\n])'(?='*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/g;

/** Text for a CSV cell: an apostrophe before whatever a spreadsheet would run as a formula. `unguarded` gives the text back. */
export function guarded(text: string): string {
  return text.replaceAll(FORMULA, "'");
}

/** What `guarded` was given. */
export function unguarded(cell: string): string {
  return cell.replaceAll(GUARD, '');
}
