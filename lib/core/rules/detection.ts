import { COLUMNS, type ColumnName, isColumn, isTextColumn } from './columns';
import { parseCondition } from './condition';
import { parsePattern } from './pattern';
import { COMPARISONS, type Comparison, type Pattern, type Predicate } from './rule';

type Path = (string | number)[];
/** Reports what a rule may not hold, at its place in the document. */
export type Refuse = (path: Path, message: string) => never;

const TEXT_MODIFIERS = ['contains', 'startswith', 'endswith'];
const SUPPORTED = [
  ...TEXT_MODIFIERS,
  'all',
  'cased',
  're',
  'i',
  'm',
  's',
  'exists',
  'neq',
  ...COMPARISONS.filter((op) => op !== 'eq'),
];
/** What the lake's regular expressions (RE2) do not have, or spell otherwise. */
const NOT_RE2 = /\(\?[=!<]|\\[1-9]|\\k/;

/** Reads the `detection` section of a rule. What is not supported is refused, never left out. */
export function parseDetection(detection: Readonly<Record<string, unknown>>, path: Path, refuse: Refuse): Predicate {
  const selections = new Map<string, Predicate>();
  for (const [name, selection] of Object.entries(detection)) {
    if (name === 'condition') continue;
    if (name === 'timeframe') refuse([...path, name], 'is not supported in a rule; use a correlation with a timespan');
    selections.set(name, parseSelection(selection, [...path, name], refuse));
  }
  const { condition } = detection;
  if (typeof condition !== 'string') return refuse([...path, 'condition'], 'must be one condition, as text');
  if (condition.includes('|'))
    refuse([...path, 'condition'], 'aggregations with "|" are not supported; use a correlation');
  try {
    return parseCondition(condition, selections);
  } catch (error) {
    return refuse([...path, 'condition'], error instanceof Error ? error.message : 'cannot be read');
  }
}

function parseSelection(selection: unknown, path: Path, refuse: Refuse): Predicate {
  if (Array.isArray(selection)) {
    if (selection.length === 0) refuse(path, 'must not be empty');
    return { kind: 'or', of: selection.map((item, index) => parseSelection(item, [...path, index], refuse)) };
  }
  if (!isMap(selection)) return refuse(path, 'searching records for words without naming a field is not supported');
  const items = Object.entries(selection);
  if (items.length === 0) refuse(path, 'must name at least one field');
  return { kind: 'and', of: items.map(([key, value]) => parseItem(key, value, [...path, key], refuse)) };
}

function parseItem(key: string, value: unknown, path: Path, refuse: Refuse): Predicate {
  const [field = '', ...modifiers] = key.split('|');
  if (!isColumn(field))
    return refuse(path, `"${field}" is no field of a record; there are ${Object.keys(COLUMNS).join(', ')}`);
  for (const modifier of modifiers)
    if (!SUPPORTED.includes(modifier))
      refuse(path, `the modifier "${modifier}" is not supported; supported are ${SUPPORTED.join(', ')}`);
  const has = (modifier: string) => modifiers.includes(modifier);
  if (!has('re') && (has('i') || has('m') || has('s'))) refuse(path, 'the modifiers i, m and s belong to re');
  if (modifiers.filter((modifier) => [...TEXT_MODIFIERS, 're', 'exists', ...COMPARISONS].includes(modifier)).length > 1)
    refuse(path, 'these modifiers cannot be combined');
  if (has('exists')) {
    if (typeof value !== 'boolean' || modifiers.length > 1)
      return refuse(path, '"exists" stands alone and takes true or false');
    return value ? { kind: 'not', of: { kind: 'absent', column: field } } : { kind: 'absent', column: field };
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) refuse(path, 'must name at least one value');
  const of = values.map((one, index) =>
    parseValue(field, modifiers, one, Array.isArray(value) ? [...path, index] : path, refuse),
  );
  const any: Predicate = of.length === 1 && of[0] ? of[0] : { kind: has('all') ? 'and' : 'or', of };
  return has('neq') ? { kind: 'not', of: any } : any;
}

function parseValue(column: ColumnName, modifiers: string[], value: unknown, path: Path, refuse: Refuse): Predicate {
  const comparison = COMPARISONS.find((op) => modifiers.includes(op));
  if (value === null && modifiers.every((modifier) => modifier === 'neq')) return { kind: 'absent', column };
  if (!isTextColumn(column)) return parseNumber(column, modifiers, comparison ?? 'eq', value, path, refuse);
  if (comparison) refuse(path, `"${column}" holds text; ${comparison} compares numbers`);
  if (typeof value !== 'string' && typeof value !== 'number') return refuse(path, 'must be text or a number');
  const text = String(value);
  if (modifiers.includes('re')) return parseRegex(column, modifiers, text, path, refuse);
  const inner = parsePattern(text);
  const before: Pattern = modifiers.includes('contains') || modifiers.includes('endswith') ? ['any'] : [];
  const after: Pattern = modifiers.includes('contains') || modifiers.includes('startswith') ? ['any'] : [];
  return { kind: 'text', column, pattern: [...before, ...inner, ...after], cased: modifiers.includes('cased') };
}

function parseNumber(
  column: ColumnName,
  modifiers: string[],
  op: Comparison,
  value: unknown,
  path: Path,
  refuse: Refuse,
): Predicate {
  const wrong = modifiers.find((modifier) => [...TEXT_MODIFIERS, 'cased', 're'].includes(modifier));
  if (wrong) refuse(path, `"${column}" holds numbers; ${wrong} matches text`);
  if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(path, 'must be a number');
  return { kind: 'number', column, op, value };
}

function parseRegex(
  column: Extract<Predicate, { kind: 'regex' }>['column'],
  modifiers: string[],
  source: string,
  path: Path,
  refuse: Refuse,
): Predicate {
  if (modifiers.includes('cased')) refuse(path, 'a regular expression minds case unless it has the modifier i');
  const flags = { i: modifiers.includes('i'), m: modifiers.includes('m'), s: modifiers.includes('s') };
  if (NOT_RE2.test(source)) refuse(path, 'look-around, back-references and named groups are not supported');
  try {
    new RegExp(source, 'u');
  } catch (error) {
    refuse(path, error instanceof Error ? error.message : 'is no regular expression');
  }
  return { kind: 'regex', column, source, flags };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
