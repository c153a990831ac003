import { COLUMNS } from './columns';
import { toLike } from './pattern';
import type { Comparison, Predicate, RegexFlags } from './rule';

/** Query parameters, by name. Values never become part of the text. */
export type Params = Record<string, string | number | string[]>;

const OPERATOR: Record<Comparison, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' };

/** A predicate as ClickHouse SQL; adds what it compares with to `params`. Column names come from the closed list in `columns.ts`. */
export function predicateSql(predicate: Predicate, params: Params): string {
  const param = (value: string | number, type: 'String' | 'Float64') => {
    const name = `p${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return `(${predicate.of.map((part) => predicateSql(part, params)).join(predicate.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT ${predicateSql(predicate.of, params)}`;
    case 'text':
      return `(${text(predicate.column)} ${predicate.cased ? 'LIKE' : 'ILIKE'} ${param(toLike(predicate.pattern), 'String')})`;
    case 'regex':
      return `match(${text(predicate.column)}, ${param(`${re2Flags(predicate.flags)}${predicate.source}`, 'String')})`;
    case 'number':
      return `(${predicate.column} ${OPERATOR[predicate.op]} ${param(predicate.value, 'Float64')})`;
    case 'absent':
      return COLUMNS[predicate.column] === 'text' ? `(${text(predicate.column)} = '')` : `(${predicate.column} = 0)`;
  }
}

/** A text column as String: the chain's id is a UUID in the lake. */
export function text(column: string): string {
  return column === 'chain_id' ? 'toString(chain_id)' : column;
}

/** The lake's dot matches line breaks unless told not to. */
function re2Flags({ i, m, s }: RegexFlags): string {
  const on = `${i ? 'i' : ''}${m ? 'm' : ''}${s ? 's' : ''}`;
  return `(?${on}${s ? '' : '-s'})`;
}
