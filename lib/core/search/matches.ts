import { compareInstants } from '../time';
import { toRegExp } from '../rules/pattern';
import type { Pattern } from '../rules/rule';
import { type ColumnName, SEARCH_FIELDS } from './fields';
import { type Operator, type Search, WORDS_OF, lowerAscii, wordsIn } from './search';

/** A record as a search sees it: its fields by column, and the name of its chain. `recorded_at` is null where the record states no time. */
export type SearchedRecord = {
  chainName: string;
  fields: Readonly<Partial<Record<ColumnName, string | number | null>>>;
};

const NUMERIC = new Set(SEARCH_FIELDS.filter(({ type }) => type === 'number').map(({ name }) => name));

/** What `searchSql` means, said plainly, record by record. */
export function matchesSearch(search: Search, record: SearchedRecord): boolean {
  switch (search.kind) {
    case 'all':
      return true;
    case 'and':
      return search.of.every((part) => matchesSearch(part, record));
    case 'or':
      return search.of.some((part) => matchesSearch(part, record));
    case 'not':
      return !matchesSearch(search.of, record);
    case 'text':
      return fitsPattern(text(record, search.column), search.pattern, search.cased);
    case 'number': {
      const value = record.fields[search.column];
      return value !== null && compare(Number(value ?? 0) - search.value, search.op);
    }
    case 'time': {
      const at = record.fields.recorded_at;
      return typeof at === 'string' && compare(compareInstants(at, search.instant), search.op);
    }
    case 'stated':
      return isStated(record, search.column);
    case 'chain': {
      const { chain_id: id } = record.fields;
      return [record.chainName, String(id)].some((name) => fitsPattern(name, search.pattern, search.cased));
    }
    case 'words':
      return hasWords(search, WORDS_OF.map((column) => text(record, column)).join('\n'));
  }
}

function isStated({ fields }: SearchedRecord, column: ColumnName): boolean {
  const value = fields[column] ?? null;
  if (column === 'sequence' || column === 'recorded_at') return value !== null;
  return NUMERIC.has(column) ? Number(value ?? 0) !== 0 : (value ?? '') !== '';
}

function hasWords({ text: wanted, whole }: Extract<Search, { kind: 'words' }>, texts: string): boolean {
  if (!lowerAscii(texts).includes(lowerAscii(wanted))) return false;
  const there = new Set(wordsIn(texts));
  return !whole || wordsIn(wanted).every((word) => there.has(word));
}

/** Whether a text is as a pattern says: as it is written where `cased`, else in any case of A to Z. */
export function fitsPattern(value: string, pattern: Pattern, cased: boolean): boolean {
  if (cased) return toRegExp(pattern, true).test(value);
  const lowered = pattern.map((part) => (typeof part === 'object' ? { text: lowerAscii(part.text) } : part));
  return toRegExp(lowered, true).test(lowerAscii(value));
}

function text({ fields }: SearchedRecord, column: ColumnName): string {
  return String(fields[column] ?? '');
}

function compare(difference: number, op: Operator): boolean {
  switch (op) {
    case '=':
      return difference === 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
  }
}
