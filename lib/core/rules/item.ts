import { networkOf } from './address';
import { COLUMNS, type ColumnName, isColumn, isTextColumn } from './columns';
import type { Place } from './documents';
import { ENCODINGS, type Encoding, encode } from './encode';
import { parsePattern, regexSource, escapeRegex } from './pattern';
import { RegexError, readRegex } from './regex';
import {
  ANYWHERE,
  COMPARISONS,
  type Comparison,
  type Pattern,
  type Predicate,
  TEXT_MODIFIERS,
  TIME_PARTS,
  type TextOperand,
  type TimePart,
} from './rule';
import { RANGE_OF } from './time-part';

export type Path = readonly (string | number)[];
/** Reports what a rule may not hold, at its place in the document. */
export type Refuse = (path: Path, message: string, place?: Place) => never;

/** What reading an item needs to know beside it. */
export type ItemContext = {
  refuse: Refuse;
  /** IANA zone in which parts of a time are told. */
  zone: string;
  /** Values of placeholders, by name. */
  placeholders: Readonly<Record<string, readonly string[]>>;
};

const REGEX_FLAGS = ['i', 'm', 's'] as const;
const CLOSED = COMPARISONS.filter((op) => op !== 'eq');
const ENCODED: readonly string[] = ENCODINGS;
/** Which modifiers may stand beside each other. `all` and `neq` go with every way to compare. */
const WITH: Readonly<Record<Way, readonly string[]>> = {
  text: [...TEXT_MODIFIERS, 'cased', 'windash', 'expand', ...ENCODINGS],
  re: ['re', ...REGEX_FLAGS],
  cidr: ['cidr', 'expand'],
  fieldref: ['fieldref', 'cased', ...TEXT_MODIFIERS, ...CLOSED],
  time: [...TIME_PARTS, ...CLOSED],
  number: CLOSED,
};
type Way = 'text' | 're' | 'cidr' | 'fieldref' | 'time' | 'number';
const SUPPORTED = new Set(['all', 'neq', 'exists', ...Object.values(WITH).flat()]);
/** Every modifier that is read. */
export const SUPPORTED_MODIFIERS: readonly string[] = [...SUPPORTED];
const RECORDED_AT = 'recorded_at';
const DASHES = '[-/\u{2013}\u{2014}\u{2015}]';

type Item = { field: ColumnName | typeof ANYWHERE | typeof RECORDED_AT; way: Way; modifiers: readonly string[] };

/** Reads `field|modifier|modifier: value` (sigma-appendix-modifiers.md), or for keywords a value under no field. */
export function parseItem(key: string, value: unknown, path: Path, context: ItemContext): Predicate {
  const { refuse } = context;
  const [name = '', ...modifiers] = key.split('|');
  const unknown = modifiers.find((modifier) => !SUPPORTED.has(modifier));
  if (unknown !== undefined)
    refuse(path, `the modifier "${unknown}" is not supported; supported are ${[...SUPPORTED].join(', ')}`, 'key');
  const field = fieldOf(name, path, refuse);
  if (modifiers.includes('exists')) return parseExists(field, modifiers, value, path, refuse);
  const item = { field, way: wayOf(field, modifiers), modifiers };
  checkTogether(item, path, refuse);
  const isList = Array.isArray(value);
  const values: unknown[] = isList ? value : [value];
  if (values.length === 0) refuse(path, 'must name at least one value');
  const isAll = modifiers.includes('all');
  if (isAll && values.length === 1) refuse(path, '"all" needs more than one value', 'key');
  const of = values.map((one, index) => {
    const at = isList ? [...path, index] : path;
    if (one === null && isList)
      return refuse(at, 'null cannot be one of several values; give it a selection of its own');
    return parseValue(item, one, at, context);
  });
  const any: Predicate = of.length === 1 && of[0] ? of[0] : { kind: isAll ? 'and' : 'or', of };
  return modifiers.includes('neq') ? { kind: 'not', of: any } : any;
}

function fieldOf(name: string, path: Path, refuse: Refuse): Item['field'] {
  if (name === '') return ANYWHERE;
  if (name === RECORDED_AT || isColumn(name)) return name;
  return refuse(path, `"${name}" is no field of a record; there are ${Object.keys(COLUMNS).join(', ')}`, 'key');
}

function wayOf(field: Item['field'], modifiers: readonly string[]): Way {
  if (modifiers.includes('re')) return 're';
  if (modifiers.includes('cidr')) return 'cidr';
  if (modifiers.includes('fieldref')) return 'fieldref';
  if (field === RECORDED_AT || modifiers.some((modifier) => TIME_PARTS.some((part) => part === modifier)))
    return 'time';
  return field !== ANYWHERE && !isTextColumn(field) ? 'number' : 'text';
}

function checkTogether({ field, way, modifiers }: Item, path: Path, refuse: Refuse): void {
  const wrongly = (message: string) => refuse(path, message, 'key');
  const repeated = modifiers.find((modifier, index) => modifiers.indexOf(modifier) !== index && modifier !== 'base64');
  if (repeated !== undefined) wrongly(`the modifier "${repeated}" stands twice`);
  const wrong = modifiers.find((modifier) => !['all', 'neq', ...WITH[way]].includes(modifier));
  if (wrong !== undefined) {
    if (way === 'number') wrongly(`"${field}" holds numbers; ${wrong} is for text`);
    if (way === 'text' && CLOSED.some((op) => op === wrong))
      wrongly(`"${field === ANYWHERE ? 'a keyword' : field}" holds text; ${wrong} compares numbers`);
    if (REGEX_FLAGS.some((flag) => flag === wrong)) wrongly('the modifiers i, m and s belong to re');
    wrongly(`the modifier "${wrong}" cannot be combined with these`);
  }
  const exclusive = [TEXT_MODIFIERS, CLOSED, TIME_PARTS].find(
    (group) => modifiers.filter((modifier) => group.some((one) => one === modifier)).length > 1,
  );
  if (exclusive) wrongly(`of the modifiers ${exclusive.join(', ')} only one can be used`);
  if (way === 'time' && field !== RECORDED_AT) wrongly(`"${field}" is no time; "${RECORDED_AT}" is`);
  if (way === 'time' && !modifiers.some((modifier) => TIME_PARTS.some((part) => part === modifier)))
    wrongly(`a time is compared by its ${TIME_PARTS.join(', ')}`);
  if (way !== 'time' && field === RECORDED_AT) wrongly(`"${RECORDED_AT}" is a time, which is no text`);
  if (way === 're' || way === 'cidr') {
    if (field !== ANYWHERE && isColumn(field) && !isTextColumn(field))
      wrongly(`"${field}" holds numbers; ${way} matches text`);
  }
  if ((way === 'cidr' || way === 'fieldref') && field === ANYWHERE) wrongly(`"${way}" needs a field`);
}

function parseExists(
  field: Item['field'],
  modifiers: readonly string[],
  value: unknown,
  path: Path,
  refuse: Refuse,
): Predicate {
  if (typeof value !== 'boolean' || modifiers.length > 1 || field === ANYWHERE)
    return refuse(path, '"exists" stands alone behind a field and takes true or false');
  if (field === RECORDED_AT) return refuse(path, 'records that state no time take no part in any rule');
  return value ? { kind: 'not', of: { kind: 'absent', column: field } } : { kind: 'absent', column: field };
}

function parseValue(item: Item, value: unknown, path: Path, context: ItemContext): Predicate {
  const { refuse } = context;
  const { field, way, modifiers } = item;
  const op = CLOSED.find((one) => modifiers.includes(one)) ?? 'eq';
  if (way === 'time') return parseTime(modifiers, op, value, path, context);
  if (field === RECORDED_AT) return refuse(path, 'is no text'); // as checkTogether said
  if (value === null) {
    if (field === ANYWHERE || modifiers.some((modifier) => modifier !== 'neq'))
      return refuse(path, 'null stands for what a field does not say, and takes no modifier but neq');
    return { kind: 'absent', column: field };
  }
  if (way === 'number' && field !== ANYWHERE) {
    const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return refuse(path, 'must be a number');
    return { kind: 'number', column: field, op, value: number };
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return refuse(path, 'must be text or a number');
  const text = String(value);
  if (way === 'fieldref' && field !== ANYWHERE) return parseFieldref(field, modifiers, op, text, path, refuse);
  if (way !== 'fieldref' && field !== ANYWHERE && !isTextColumn(field)) return refuse(path, `"${field}" holds numbers`);
  const column = field as TextOperand; // every other field was turned away by now
  if (way === 're') return parseRegex(column, modifiers, text, path, refuse);
  const of = expanded(text, modifiers, path, context).flatMap((one) =>
    way === 'cidr' ? [parseNetwork(column, one, path, refuse)] : parseText(column, modifiers, one, path, refuse),
  );
  return of.length === 1 && of[0] ? of[0] : { kind: 'or', of };
}

function parseText(
  column: TextOperand,
  modifiers: readonly string[],
  text: string,
  path: Path,
  refuse: Refuse,
): Predicate[] {
  const has = (modifier: string) => modifiers.includes(modifier);
  const encodings = modifiers.filter((modifier): modifier is Encoding => ENCODED.includes(modifier));
  if (encodings.length > 0 && has('windash')) refuse(path, 'dashes cannot be exchanged in what is encoded');
  const forms = encode(parsePattern(text), encodings);
  if (typeof forms === 'string') return refuse(path, forms);
  const isAnywhere = column === ANYWHERE;
  const before: Pattern = isAnywhere || has('contains') || has('endswith') ? ['any'] : [];
  const after: Pattern = isAnywhere || has('contains') || has('startswith') ? ['any'] : [];
  const cased = has('cased');
  return forms.map((inner): Predicate => {
    const pattern = [...before, ...inner, ...after];
    if (!has('windash')) return { kind: 'text', column, pattern, cased };
    const source = regexSource(pattern, dashed);
    return { kind: 'regex', column, source, flags: { i: !cased, m: false, s: true } };
  });
}

/** Dashes and slashes that begin a word are any of those that command lines take for one another. */
function dashed(text: string): string {
  return text
    .split(/\B[-/]\b/)
    .map(escapeRegex)
    .join(DASHES);
}

/** A value with every value of its placeholders in their place. */
function expanded(
  text: string,
  modifiers: readonly string[],
  path: Path,
  { placeholders, refuse }: ItemContext,
): string[] {
  if (!modifiers.includes('expand')) return [text];
  const parts = text.split(/(?<!\\)(%[\w.-]+%)/);
  if (parts.length === 1) return refuse(path, '"expand" needs a placeholder, %name%');
  let forms = [''];
  for (const part of parts) {
    const name = /^%(.+)%$/.exec(part)?.[1];
    const values = name === undefined ? [part.replaceAll(String.raw`\%`, '%')] : valuesOf(placeholders, name);
    if (values.length === 0)
      return refuse(
        path,
        `the placeholder "${part}" has no value in this document; give it some in the attribute "placeholders"`,
      );
    forms = forms.flatMap((form) => values.map((one) => `${form}${one}`));
    if (forms.length > 10_000) return refuse(path, 'placeholders make more than 10,000 values of it');
  }
  return forms;
}

function valuesOf(placeholders: ItemContext['placeholders'], name: string): readonly string[] {
  return Object.hasOwn(placeholders, name) ? (placeholders[name] ?? []) : [];
}

function parseNetwork(column: TextOperand, text: string, path: Path, refuse: Refuse): Predicate {
  const network = networkOf(text);
  if (!network || column === ANYWHERE)
    return refuse(path, `"${text}" is no network such as 10.0.0.0/8 or 2001:db8::/32, without bits beyond its prefix`);
  return { kind: 'address', column, ...network };
}

function parseRegex(
  column: TextOperand,
  modifiers: readonly string[],
  written: string,
  path: Path,
  refuse: Refuse,
): Predicate {
  const [i, m, s] = REGEX_FLAGS.map((flag) => modifiers.includes(flag));
  try {
    return { kind: 'regex', column, ...readRegex(written, { i: i === true, m: m === true, s: s === true }) };
  } catch (error) {
    if (error instanceof RegexError) return refuse(path, error.message, error.at);
    throw error;
  }
}

function parseTime(
  modifiers: readonly string[],
  op: Comparison,
  value: unknown,
  path: Path,
  { refuse, zone }: ItemContext,
): Predicate {
  const part = modifiers.find((modifier): modifier is TimePart => TIME_PARTS.some((one) => one === modifier));
  if (!part) return refuse(path, `a time is compared by its ${TIME_PARTS.join(', ')}`);
  const [from, to] = RANGE_OF[part];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to)
    return refuse(path, `must be a whole number from ${from} to ${to}`);
  return { kind: 'time', part, zone, op, value };
}

function parseFieldref(
  column: ColumnName,
  modifiers: readonly string[],
  op: Comparison,
  other: string,
  path: Path,
  refuse: Refuse,
): Predicate {
  if (!isColumn(other)) return refuse(path, `"${other}" is no field of a record`);
  const how = TEXT_MODIFIERS.find((modifier) => modifiers.includes(modifier)) ?? 'is';
  if (isTextColumn(column) && isTextColumn(other)) {
    if (op !== 'eq') return refuse(path, `"${column}" holds text; ${op} compares numbers`);
    return { kind: 'same-text', column, other, how, cased: modifiers.includes('cased') };
  }
  if (isTextColumn(column) || isTextColumn(other))
    return refuse(path, `one of "${column}" and "${other}" is a number, the other text`);
  if (how !== 'is' || modifiers.includes('cased'))
    return refuse(path, `"${column}" holds numbers; these modifiers are for text`);
  return { kind: 'same-number', column, other, op };
}
