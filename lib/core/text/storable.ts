/** What a store of text cannot hold: NUL, and halves of surrogate pairs. All else, control characters included, it can. */
const UNIT = String.raw`\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]`;
/** How one of them is spelled behind a backslash, by JSON and by us: lower-case digits. */
const SPELLED = String.raw`u(?:0000|d[89a-f][0-9a-f]{2})`;

/** Backslashes come as whole runs, so that no text takes longer than its length. */
const BACKSLASHES_OR_UNIT = new RegExp(String.raw`\\+|${UNIT}`, 'g');
const IS_SPELLED = new RegExp(SPELLED, 'y');
const IS_UNIT_OR_SPELLED = new RegExp(`${UNIT}|${SPELLED}`, 'y');

/**
 * Text as every store can hold it: NUL is written `\u0000` and half a surrogate pair `\ud83d`, six characters each. Backslashes directly before
 * such a spelling, or before what gets one, are doubled, so that two texts never become one: behind an odd number of them stands what was escaped,
 * behind an even number what was written that way. All other text stays as it is.
 */
export function storableText(text: string): string {
  if (isStorable(text)) return text;
  return text.replace(BACKSLASHES_OR_UNIT, (found, at: number) => {
    if (!found.startsWith('\\')) return spelled(found);
    return standsAt(IS_UNIT_OR_SPELLED, text, at + found.length) ? found + found : found;
  });
}

/**
 * A parameter of a database, plain text or what `JSON.stringify` wrote, as it can be stored: a unit that cannot be is escaped as `storableText`
 * does it, and one that is spelled in JSON becomes the six characters of its spelling.
 */
export function storableParameter(text: string): string {
  if (isStorable(text)) return text;
  return text.replace(BACKSLASHES_OR_UNIT, (found, at: number) => {
    if (!found.startsWith('\\')) return spelled(found);
    return found.length % 2 === 1 && standsAt(IS_SPELLED, text, at + found.length) ? `${found}\\` : found;
  });
}

/** What is in hardly any text, and in all that are to be looked at more closely: NUL, any surrogate, the beginning of a spelling. */
const SUSPECT = /[\0\uD800-\uDFFF]|\\u/;

/** Whether there is nothing to look at more closely. */
function isStorable(text: string): boolean {
  return (
    text === '' ||
    !SUSPECT.test(text) ||
    (!text.includes('\0') && !text.includes(String.raw`\u`) && text.isWellFormed())
  );
}

function standsAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function spelled(unit: string): string {
  return String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0');
}
