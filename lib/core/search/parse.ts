import { DECISIONS } from '../event/fields';
import type { Pattern } from '../rules/rule';
import { parseInstant } from './instant';
import { type SearchField, likelyField, searchField } from './fields';
import { type Operator, type Search, SearchError, type Span } from './search';

/** UTF-16 units. */
export const MAX_SEARCH_LENGTH = 4_000;
const MAX_TERMS = 200;
const MAX_DEPTH = 20;

/** A search, and where its parts stand that all must hold: what a page shows as one filter each. */
export type ParsedSearch = { search: Search; parts: readonly Span[] };

/**
 * Reads a search. `docs/search.md` specifies the language.
 * @throws SearchError for a text that is none, with the place.
 */
export function parseSearch(text: string): ParsedSearch {
  if (text.length > MAX_SEARCH_LENGTH)
    throw new SearchError(`A search is at most ${MAX_SEARCH_LENGTH} characters long.`, {
      from: MAX_SEARCH_LENGTH,
      to: text.length,
    });
  const reader = createReader(text);
  const parts: Span[] = [];
  reader.skipSpace();
  if (reader.isAtEnd()) return { search: { kind: 'all' }, parts };
  const search = readOr(reader, 0, parts);
  if (!reader.isAtEnd()) throw new SearchError('There is no parenthesis open that this closes.', reader.here(1));
  return { search, parts: search.kind === 'or' ? [{ from: 0, to: text.length }] : parts };
}

type Reader = ReturnType<typeof createReader>;

function createReader(text: string) {
  let at = 0;
  let terms = 0;
  const rest = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  return {
    get at() {
      return at;
    },
    isAtEnd: () => at >= text.length,
    peek: () => text[at] ?? '',
    here: (length: number): Span => ({ from: at, to: Math.min(text.length, at + length) }),
    since: (from: number): Span => ({ from, to: at }),
    skipSpace: () => void take(/\s*/y),
    take,
    isNext: (pattern: RegExp) => rest(pattern) !== null,
    /** Counts what is compared, so that nobody asks for more than a server can bear. */
    countTerm(): void {
      terms += 1;
      if (terms > MAX_TERMS)
        throw new SearchError(`A search has at most ${MAX_TERMS} terms.`, { from: at, to: text.length });
    },
  };

  /** What the pattern, which is sticky, takes from here; null when it takes nothing. */
  function take(pattern: RegExp): RegExpExecArray | null {
    const found = rest(pattern);
    if (found) at += found[0].length;
    return found;
  }
}

const OR = /OR(?=[\s()]|$)/y;
const AND = /AND(?=[\s()]|$)/y;
const NOT = /NOT(?=[\s()]|$)/y;

function readOr(reader: Reader, depth: number, parts: Span[] | null): Search {
  const of = [readAnd(reader, depth, parts)];
  while (reader.isNext(OR)) {
    const operator = reader.here(2);
    reader.take(OR);
    reader.skipSpace();
    if (reader.isAtEnd() || reader.peek() === ')') throw new SearchError('OR needs something on its right.', operator);
    of.push(readAnd(reader, depth, null));
  }
  return one('or', of);
}

function readAnd(reader: Reader, depth: number, parts: Span[] | null): Search {
  if (reader.isNext(OR)) throw new SearchError('OR needs something on its left.', reader.here(2));
  const of: Search[] = [];
  while (!reader.isAtEnd() && reader.peek() !== ')' && !reader.isNext(OR)) {
    const operator = reader.here(3);
    const isJoined = reader.take(AND) !== null;
    reader.skipSpace();
    if (isJoined && (of.length === 0 || reader.isAtEnd() || reader.peek() === ')' || reader.isNext(OR)))
      throw new SearchError(`AND needs something on its ${of.length === 0 ? 'left' : 'right'}.`, operator);
    const from = reader.at;
    of.push(readUnary(reader, depth));
    parts?.push(reader.since(from));
    reader.skipSpace();
  }
  return one('and', of);
}

function one(kind: 'and' | 'or', of: Search[]): Search {
  const [only] = of;
  return of.length === 1 && only ? only : { kind, of };
}

function readUnary(reader: Reader, depth: number): Search {
  const from = reader.at;
  if (depth > MAX_DEPTH) throw new SearchError(`Parentheses and NOT nest at most ${MAX_DEPTH} deep.`, reader.here(1));
  if (reader.take(/-(?=[^\s)])/y) || reader.take(NOT)) {
    reader.skipSpace();
    if (reader.isAtEnd() || reader.peek() === ')' || reader.isNext(OR) || reader.isNext(AND))
      throw new SearchError('NOT needs something on its right.', reader.since(from));
    return { kind: 'not', of: readUnary(reader, depth + 1) };
  }
  if (reader.take(/\(/y)) return readGroup(reader, from, () => readOr(reader, depth + 1, null));
  return readTerm(reader, depth);
}

function readGroup(reader: Reader, from: number, read: () => Search): Search {
  reader.skipSpace();
  if (reader.peek() === ')') throw new SearchError('There is nothing between the parentheses.', reader.since(from));
  const inside = read();
  if (!reader.take(/\)/y)) throw new SearchError('This parenthesis is not closed.', { from, to: from + 1 });
  return inside;
}

const NAME = /([A-Za-z_][A-Za-z0-9_]*)(:(?:>=|<=|[><=])?|>=|<=|!=|[><=])/y;

function readTerm(reader: Reader, depth: number): Search {
  const from = reader.at;
  const named = reader.take(NAME);
  if (!named) return readWords(reader);
  const [, name = '', written = ''] = named;
  const field = searchField(name);
  if (!field) {
    const likely = likelyField(name);
    throw new SearchError(
      `There is no field ${name}.${likely ? ` Did you mean ${likely}?` : ''} To look for this text, put it in quotes.`,
      { from, to: from + name.length },
    );
  }
  const comparison = written.replace(/^:/, '');
  if (comparison === '!=') return { kind: 'not', of: readValues(reader, field, '=', depth) };
  return readValues(reader, field, (comparison || '=') as Operator, depth); // by the pattern
}

/** One value, or several in parentheses of which one must be the field's. */
function readValues(reader: Reader, field: SearchField, op: Operator, depth: number): Search {
  const from = reader.at;
  if (!reader.take(/\(/y)) return readValue(reader, field, op);
  return readGroup(reader, from, () => {
    const of: Search[] = [];
    while (!reader.isAtEnd() && reader.peek() !== ')') {
      if (of.length > 0 && reader.take(OR)) {
        reader.skipSpace();
        if (reader.peek() === ')') throw new SearchError('OR needs something on its right.', reader.here(1));
      }
      of.push(readValue(reader, field, op));
      reader.skipSpace();
    }
    if (depth > MAX_DEPTH) throw new SearchError(`Parentheses nest at most ${MAX_DEPTH} deep.`, reader.here(1));
    return one('or', of);
  });
}

/** A value as it is written: `quoted` is taken as it is, in another `*` and `?` stand for anything. */
type Value = { pattern: Pattern; text: string; quoted: boolean; span: Span };

function readValue(reader: Reader, field: SearchField, op: Operator): Search {
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

function readWords(reader: Reader): Search {
  reader.countTerm();
  const value = takeValue(reader);
  if (!value) throw new SearchError('This cannot be searched for. Put it in quotes.', reader.here(1));
  const [first, ...more] = value.pattern;
  if (!first) throw new SearchError('There is nothing between the quotes.', value.span);
  const texts = value.pattern.flatMap((part) => (typeof part === 'object' ? [part.text] : []));
  const [text] = texts;
  if (text === undefined) return { kind: 'all' };
  if (texts.length > 1 || value.pattern.includes('one'))
    throw new SearchError(
      'In text, * stands only at the beginning or the end of a word. Name a field to search by pattern.',
      value.span,
    );
  return { kind: 'words', text, whole: more.length === 0 };
}

/** Null where there is none. */
function takeValue(reader: Reader): Value | null {
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
