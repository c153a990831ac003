import { DECISIONS } from '../event/decisions';
import type { Pattern } from '../rules/rule';
import type { SearchField } from './fields';
import { parseInstant } from './instant';
import type { Reader } from './reader';
import { type Operator, type Search, SearchError, type Span } from './search';

/** A value as it is written: `quoted` is taken as it is, in another `*` and `?` stand for anything. */
type Value = { pattern: Pattern; text: string; quoted: boolean; span: Span };

/** One value, compared with a field. */
export function readValue(reader: Reader, field: SearchField, op: Operator): Search {
  reader.countTerm();
  const value = takeValue(reader);
  if (!value) throw new SearchError(`${field.names[0]} needs a value.`, reader.here(1));
  if (op === '=' && !value.quoted && value.pattern.length === 1 && value.pattern[0] === 'any')
    return { kind: 'stated', column: field.name };
  switch (field.type) {
    case 'number':
      return numbers(field, op, value);
    case 'time':
      return times(op, value);
    case 'decision':
      return decision(field, op, value);
    case 'chain':
      equalOnly(field, op, value);
      return { kind: 'chain', pattern: value.pattern, cased: value.quoted };
    case 'text':
      equalOnly(field, op, value);
      return { kind: 'text', column: field.name, pattern: value.pattern, cased: value.quoted };
  }
}

function equalOnly({ names: [name] }: SearchField, op: Operator, { span }: Value): void {
  if (op !== '=') throw new SearchError(`${name} holds text, which is not greater or less. Write ${name}:value.`, span);
}

function decision(field: SearchField, op: Operator, value: Value): Search {
  equalOnly(field, op, value);
  const known = DECISIONS.some((one) => one === value.text.toLowerCase());
  if (!known && value.pattern.every((part) => typeof part === 'object'))
    throw new SearchError(`A decision is one of ${DECISIONS.join(', ')}.`, value.span);
  return { kind: 'text', column: field.name, pattern: value.pattern, cased: false };
}

/** `5`, or `1..5` with both ends in it, either of which may be left out. */
function range(op: Operator, value: Value): { from: string; to: string } | null {
  const [from = '', to = '', more] = value.text.split('..');
  if (!value.text.includes('..') || more !== undefined) return null;
  if (op !== '=' || (from === '' && to === '')) throw new SearchError('A range is written field:1..5.', value.span);
  return { from, to };
}

function numbers({ name, names }: SearchField, op: Operator, value: Value): Search {
  const read = (text: string) => {
    if (!/^-?\d{1,20}(?:\.\d{1,20})?$/.test(text))
      throw new SearchError(
        `${names[0]} holds numbers, and ${text === '' ? 'this' : `"${text}"`} is none.`,
        value.span,
      );
    return Number(text);
  };
  const between = range(op, value);
  if (!between) return { kind: 'number', column: name, op, value: read(value.text) };
  return one('and', [
    ...(between.from === '' ? [] : [{ kind: 'number', column: name, op: '>=', value: read(between.from) } as const]),
    ...(between.to === '' ? [] : [{ kind: 'number', column: name, op: '<=', value: read(between.to) } as const]),
  ]);
}

/** A time may be a whole day, month, hour or so: `=` is anything in it, `<=` up to its end. */
function times(op: Operator, value: Value): Search {
  const read = (text: string) => {
    const read = parseInstant(text);
    if (!read)
      throw new SearchError(
        'A time is written 2026-05-11, 2026-05-11T08:00 or 2026-05-11T08:00:00.5Z, in UTC.',
        value.span,
      );
    return read;
  };
  const from = (text: string) => ({ kind: 'time', op: '>=', instant: read(text).from }) as const;
  const to = (text: string) => ({ kind: 'time', op: '<', instant: read(text).to }) as const;
  const between = range(op, value);
  if (between)
    return one('and', [
      ...(between.from === '' ? [] : [from(between.from)]),
      ...(between.to === '' ? [] : [to(between.to)]),
    ]);
  switch (op) {
    case '=':
      return { kind: 'and', of: [from(value.text), to(value.text)] };
    case '>=':
      return from(value.text);
    case '<=':
      return to(value.text);
    case '>':
      return { kind: 'time', op: '>=', instant: read(value.text).to };
    case '<':
      return { kind: 'time', op: '<', instant: read(value.text).from };
  }
}

/** Several that all must hold, or of which one must; one alone is itself. */
export function one(kind: 'and' | 'or', of: Search[]): Search {
  const [only] = of;
  return of.length === 1 && only ? only : { kind, of };
}

/** Null where there is none. */
export function takeValue(reader: Reader): Value | null {
  const from = reader.at;
  if (reader.peek() === '"') {
    const quoted = reader.take(/"((?:[^"\\]|\\[^])*)"/y);
    if (!quoted) throw new SearchError('This quote is not closed.', { from, to: from + 1 });
    const text = (quoted[1] ?? '').replaceAll(/\\([^])/g, '$1');
    return { pattern: text === '' ? [] : [{ text }], text, quoted: true, span: reader.since(from) };
  }
  const bare = reader.take(/(?:[^\s()"\\]|\\[^])+/y);
  if (!bare) {
    if (reader.peek() === '\\')
      throw new SearchError('A backslash stands before the character it takes the meaning from.', reader.here(1));
    return null;
  }
  return { ...patternOf(bare[0]), quoted: false, span: reader.since(from) };
}

/** In a value without quotes `*` is any text, `?` one character, and a backslash takes the meaning from what follows. */
function patternOf(written: string): { pattern: Pattern; text: string } {
  const pattern: Pattern = [];
  let text = '';
  for (const [, escaped, wildcard, plain] of written.matchAll(/\\([^])|([*?])|([^\\*?]+)/g)) {
    if (wildcard) {
      if (text !== '') pattern.push({ text });
      text = '';
      if (wildcard === '?' || pattern.at(-1) !== 'any') pattern.push(wildcard === '*' ? 'any' : 'one');
    } else text += escaped ?? plain ?? '';
  }
  if (text !== '') pattern.push({ text });
  const whole = pattern.map((part) => (typeof part === 'object' ? part.text : part === 'any' ? '*' : '?')).join('');
  return { pattern, text: whole };
}
