import { NEWLINE } from './newline';
/** Undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** White space of JSON (RFC 8259 section 2), by its code. */
export function isJsonSpace(code: number | undefined): boolean {
  return code === 0x20 || code === NEWLINE || code === 0x0d || code === 0x09;
}

/** The lines of a text that hold anything. */
export function filledLines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** JSON Lines: what each line of a text holds; null for a text of one line, and when a line is no JSON. */
export function parseJsonLines(text: string): unknown[] | null {
  const lines = filledLines(text);
  const parsed = lines.length > 1 ? lines.map(parseJson) : [];
  return parsed.length > 0 && !parsed.includes(undefined) ? parsed : null;
}

/** What the first line of JSON Lines holds; undefined when it is no JSON. */
export function parseFirstLine(text: string): unknown {
  const start = text.search(/\S/);
  const end = text.indexOf('\n', start);
  return start === -1 ? undefined : parseJson(end === -1 ? text.slice(start) : text.slice(start, end));
}
