import { type SearchField, likelyField, searchField } from './fields';
import { type Reader, createReader } from './reader';
import { type Operator, type Search, SearchError, type Span } from './search';
import { one, readValue, takeValue } from './values';

/** UTF-16 units. */
export const MAX_SEARCH_LENGTH = 4_000;
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
