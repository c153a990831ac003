import { toLike } from '../rules/pattern';
import { microsOf } from '../time';
import type { Pattern } from '../rules/rule';
import { type ColumnName, SEARCH_FIELDS } from './fields';
import { type Search, WORDS_OF, lowerAscii, wordsIn } from './search';

/** Query parameters, by name. Values never become part of the text. */
export type Parameters = Record<string, string | number | string[]>;

/** Everything words are looked for in, as the lake's index of words has it: a query that is to use the index has this very text. */
export const WORDS_SQL = `lower(concatWithSeparator('\\n', ${WORDS_OF.join(', ')}))`;

const TYPE = new Map(SEARCH_FIELDS.map(({ name, type }) => [name, type]));

export type SearchSqlOptions = {
  /** Ids of the chains a pattern names. */
  chains(pattern: Pattern, cased: boolean): readonly string[];
  /** How what the list calls a column is written, where that is no column itself. */
  column?(name: ColumnName): string;
  /** Begins the names of parameters. */
  prefix?: string;
};

/** A search as a condition of ClickHouse over the events; adds what it compares with to `parameters`. */
export function searchSql(search: Search, parameters: Parameters, options: SearchSqlOptions): string {
  const { chains, column = (name) => name, prefix = 's' } = options;
  const bound = (value: string | number | string[], type: string) => {
    const name = `${prefix}${Object.keys(parameters).length}`;
    parameters[name] = value;
    return `{${name}:${type}}`;
  };
  return condition(search);

  function condition(part: Search): string {
    switch (part.kind) {
      case 'all':
        return 'true';
      case 'and':
      case 'or':
        return `(${part.of.map(condition).join(part.kind === 'and' ? ' AND ' : ' OR ')})`;
      case 'not':
        return `NOT ${condition(part.of)}`;
      case 'text':
        return text(column(part.column), part.pattern, part.cased);
      case 'number':
        return `ifNull(${part.column} ${part.op} ${bound(part.value, 'Float64')}, false)`;
      case 'time':
        return `(recorded_at > toDateTime64(0, 6, 'UTC') AND recorded_at ${part.op} fromUnixTimestamp64Micro(${bound(microsOf(part.instant), 'Int64')}, 'UTC'))`;
      case 'stated':
        return isStated(part.column, column(part.column));
      case 'chain':
        return `(chain_id IN ${bound([...chains(part.pattern, part.cased)], 'Array(UUID)')})`;
      case 'words':
        return words(part);
    }
  }

  function text(written: string, pattern: Pattern, cased: boolean): string {
    const [only] = pattern;
    const plain = pattern.length === 0 ? '' : pattern.length === 1 && typeof only === 'object' ? only.text : null;
    const value = cased ? written : `lower(${written})`;
    if (plain !== null) return `(${value} = ${bound(cased ? plain : lowerAscii(plain), 'String')})`;
    const like = toLike(pattern);
    return `(${value} LIKE ${bound(cased ? like : lowerAscii(like), 'String')})`;
  }

  function words({ text: wanted, whole }: Extract<Search, { kind: 'words' }>): string {
    const lowered = lowerAscii(wanted);
    const tokens = whole ? wordsIn(wanted) : [];
    const isThere = () => `(position(${WORDS_SQL}, ${bound(lowered, 'String')}) > 0)`;
    if (tokens.length === 0) return isThere();
    const indexed = `hasAllTokens(${WORDS_SQL}, ${bound(tokens, 'Array(String)')})`;
    return tokens.length === 1 && tokens[0] === lowered ? indexed : `(${indexed} AND ${isThere()})`;
  }
}

function isStated(name: ColumnName, written: string): string {
  if (name === 'sequence') return '(sequence IS NOT NULL)';
  if (name === 'recorded_at') return `(recorded_at > toDateTime64(0, 6, 'UTC'))`;
  if (name === 'chain_id') return 'true';
  return TYPE.get(name) === 'number' ? `(${written} != 0)` : `(${written} != '')`;
}
