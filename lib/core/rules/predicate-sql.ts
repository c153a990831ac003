import { WORDS_OF } from '../search/search';
import { COLUMNS } from './columns';
import { toLike } from './pattern';
import { ANYWHERE, type Comparison, type Predicate, type RegexFlags, type TimePart } from './rule';

/** Query parameters, by name. Values never become part of the text. */
export type Params = Record<string, string | number | string[]>;

const OPERATOR: Readonly<Record<Comparison, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' };
/** Of a time in a zone. */
const PART: Readonly<Record<TimePart, (zone: string) => string>> = {
  minute: (zone) => `toMinute(recorded_at, ${zone})`,
  hour: (zone) => `toHour(recorded_at, ${zone})`,
  day: (zone) => `toDayOfMonth(recorded_at, ${zone})`,
  week: (zone) => `toWeek(recorded_at, 3, ${zone})`,
  month: (zone) => `toMonth(recorded_at, ${zone})`,
  year: (zone) => `toYear(recorded_at, ${zone})`,
};

/** A predicate as ClickHouse SQL; adds what it compares with to `params`. Column names come from the closed list in `columns.ts`. */
export function predicateSql(predicate: Predicate, params: Params): string {
  const param = (value: string | number, type: 'String' | 'Float64' | 'Int64') => {
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
    case 'time': {
      const part = PART[predicate.part](param(predicate.zone, 'String'));
      return `(recorded_at > toDateTime64(0, 6, 'UTC') AND ${part} ${OPERATOR[predicate.op]} ${param(predicate.value, 'Int64')})`;
    }
    case 'address':
      return `ifNull(toIPv6OrNull(toString(${predicate.column})) BETWEEN toIPv6(${param(predicate.first, 'String')}) AND toIPv6(${param(predicate.last, 'String')}), false)`;
    case 'same-text':
      return sameText(predicate);
    case 'same-number':
      return `(${predicate.column} != 0 AND ${predicate.other} != 0 AND ${predicate.column} ${OPERATOR[predicate.op]} ${predicate.other})`;
    case 'absent':
      return COLUMNS[predicate.column] === 'text' ? `(${text(predicate.column)} = '')` : `(${predicate.column} = 0)`;
  }
}

function sameText({ column, other, how, cased }: Extract<Predicate, { kind: 'same-text' }>): string {
  const [one, two] = [column, other].map((name) => (cased ? `toString(${text(name)})` : `lowerUTF8(${text(name)})`));
  const said = `${text(column)} != '' AND ${text(other)} != ''`;
  switch (how) {
    case 'is':
      return `(${said} AND ${one} = ${two})`;
    case 'contains':
      return `(${said} AND position(${one}, ${two}) > 0)`;
    case 'startswith':
      return `(${said} AND startsWith(${one}, ${two}))`;
    case 'endswith':
      return `(${said} AND endsWith(${one}, ${two}))`;
  }
}

/** A text column as String: the chain's id is a UUID in the lake. */
export function text(column: string): string {
  if (column === ANYWHERE) return `concatWithSeparator('\\n', ${WORDS_OF.join(', ')})`;
  return column === 'chain_id' ? 'toString(chain_id)' : column;
}

/** The dot matches line breaks: `readRegex` wrote the dots that do not. */
function re2Flags({ i, m }: RegexFlags): string {
  return `(?s${i ? 'i' : ''}${m ? 'm' : ''})`;
}
