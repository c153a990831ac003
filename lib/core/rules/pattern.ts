import type { Pattern } from './rule';

/**
 * Reads a Sigma string: `*` stands for any text, `?` for one character, a backslash takes the special meaning from `*`, `?` and `\`,
 * and is itself anywhere else.
 */
export function parsePattern(value: string): Pattern {
  const pattern: Pattern = [];
  let text = '';
  const flush = () => {
    if (text !== '') pattern.push({ text });
    text = '';
  };
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at] ?? '';
    const next = value[at + 1] ?? '';
    if (char === '\\' && next !== '' && '*?\\'.includes(next)) {
      text += next;
      at += 1;
    } else if (char === '*' || char === '?') {
      flush();
      pattern.push(char === '*' ? 'any' : 'one');
    } else {
      text += char;
    }
  }
  flush();
  return pattern;
}

/** As the operand of ClickHouse `LIKE`. */
export function toLike(pattern: Pattern): string {
  return pattern
    .map((part) => (part === 'any' ? '%' : part === 'one' ? '_' : part.text.replaceAll(/[\\%_]/g, String.raw`\$&`)))
    .join('');
}

/** The same as a regular expression over the whole value. */
export function toRegExp(pattern: Pattern, cased: boolean): RegExp {
  return new RegExp(regexSource(pattern), cased ? 'su' : 'isu');
}

/** Its source, for JavaScript and RE2 alike when the dot matches line breaks; `literal` writes text that stands for itself. */
export function regexSource(pattern: Pattern, literal: (text: string) => string = escapeRegex): string {
  return `^${pattern.map((part) => (part === 'any' ? '.*' : part === 'one' ? '.' : literal(part.text))).join('')}$`;
}

export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
