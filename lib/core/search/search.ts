import type { Pattern } from '../rules/rule';
import type { ColumnName } from './fields';

const OPERATORS = ['=', '>', '>=', '<', '<='] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a record must be to be found. Read from text by `parseSearch`, made into SQL by `searchSql`, said plainly by `matchesSearch`. */
export type Search =
  | { kind: 'all' }
  | { kind: 'and' | 'or'; of: Search[] }
  | { kind: 'not'; of: Search }
  /** Of a text: as it is written where `cased`, else in any case of A to Z. */
  | { kind: 'text'; column: ColumnName; pattern: Pattern; cased: boolean }
  | { kind: 'number'; column: ColumnName; op: Operator; value: number }
  /** RFC 3339 UTC. Of records that state a time. */
  | { kind: 'time'; op: Operator; instant: string }
  /** The record says something. */
  | { kind: 'stated'; column: ColumnName }
  /** Of a chain with such a name, or this id. */
  | { kind: 'chain'; pattern: Pattern; cased: boolean }
  /** Somewhere in the texts of `WORDS_OF`, in any case of A to Z: whole words where `whole`. */
  | { kind: 'words'; text: string; whole: boolean };

/** Texts that words are looked for in, in this order, a line each. */
export const WORDS_OF = [
  'kind',
  'agent',
  'session_id',
  'run_id',
  'tool',
  'reason',
  'policy',
  'target',
  'protocol',
  'model',
  'hash',
] as const satisfies readonly ColumnName[];

/** A to Z in lower case, as the lake's `lower` does: other letters stay as they are. */
export function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The words of a text as the lake's index of words has them: runs of letters and digits, and of anything beyond ASCII. */
export function wordsIn(text: string): string[] {
  return lowerAscii(text).match(/[0-9a-z\u0080-\u{10ffff}]+/gu) ?? [];
}

/** Places in the text of a search, in UTF-16 units, half-open. */
export type Span = { from: number; to: number };

/** A text that is no search: `message` says what is wrong with it at `span`. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
  constructor(
    message: string,
    readonly span: Span,
  ) {
    super(message);
  }
}
