import { stringify } from 'yaml';
import type { Search } from '../search/search';
import { isColumn } from './columns';
import { escapeRegex } from './pattern';
import { writePattern } from './write-pattern';

/** What a search asks and no rule can; `message` names it. */
export class NoRuleError extends Error {
  override readonly name = 'NoRuleError';
}

type Item = { key: string; value: string | number | boolean };
type Draft = { id: string; title: string; description: string };

const MODIFIER = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' } as const;
/** What cuts words of ASCII; anything beyond is of a word, as the lake's index has it. */
const CUTS = String.raw`[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]`;
const OF_WORD = /[^\0-/:-@[-`{-\u007f]/;

/**
 * The text of a rule that finds each record a search finds. What ignores case ignores it beyond A to Z as well.
 * @throws NoRuleError for what a rule cannot ask: the time, the chain, and fields that rules do not have.
 */
export function ruleOfSearch(search: Search, { id, title, description }: Draft): string {
  const selections = new Map<string, Record<string, unknown> | unknown[]>();
  const condition = search.kind === 'all' ? everything(selections) : conditionOf(search, selections);
  return stringify(
    {
      title,
      id,
      status: 'experimental',
      description,
      logsource: { product: 'ai_agent', service: 'guardrail' },
      detection: { ...Object.fromEntries(selections), condition },
      level: 'medium',
    },
    { lineWidth: 0 },
  );
}

type Selections = Map<string, Record<string, unknown> | unknown[]>;

/** Every record states what it is. */
function everything(selections: Selections): string {
  selections.set('anything', { 'kind|exists': true });
  return 'anything';
}

function conditionOf(search: Search, selections: Selections, isInner = false): string {
  switch (search.kind) {
    case 'and': {
      const together = mapOf(search.of);
      if (together) return select(selections, 'selection', together);
      return grouped(search.of.map((part) => conditionOf(part, selections, true)).join(' and '), isInner);
    }
    case 'or': {
      const values = listOf(search.of);
      if (values) return select(selections, values.key, { [values.key]: values.of });
      return grouped(search.of.map((part) => conditionOf(part, selections, true)).join(' or '), isInner);
    }
    case 'not':
      return `not ${conditionOf(search.of, selections, true)}`;
    default: {
      const { key, value } = itemOf(search);
      if (key === '' || key.startsWith('|'))
        return select(selections, 'keywords', key === '' ? [value] : { [key]: value });
      return select(selections, key, { [key]: value });
    }
  }
}

function grouped(condition: string, isInner: boolean): string {
  return isInner ? `(${condition})` : condition;
}

/** Adds a selection under a name that says what it is of, and gives the name. */
function select(selections: Selections, key: string, selection: Record<string, unknown> | unknown[]): string {
  const [field = 'selection'] = key.split('|');
  let name = field;
  for (let n = 2; selections.has(name); n += 1) name = `${field}_${n}`;
  selections.set(name, selection);
  return name;
}

/** Conditions on different fields that hold together, as one map; null for anything else. */
function mapOf(parts: readonly Search[]): Record<string, unknown> | null {
  if (parts.some(({ kind }) => !isLeaf(kind))) return null;
  const items = parts.map(itemOf);
  const keys = new Set(items.map(({ key }) => key));
  if (keys.size < items.length || items.some(({ key }) => key === '' || key.startsWith('|'))) return null;
  return Object.fromEntries(items.map(({ key, value }) => [key, value]));
}

/** Values of one field of which one has to be there; null for anything else. */
function listOf(parts: readonly Search[]): { key: string; of: unknown[] } | null {
  if (parts.some(({ kind }) => !isLeaf(kind))) return null;
  const items = parts.map(itemOf);
  const [first] = items;
  if (!first || first.key === '' || first.key.startsWith('|') || items.some(({ key }) => key !== first.key))
    return null;
  return { key: first.key, of: items.map(({ value }) => value) };
}

function isLeaf(kind: Search['kind']): boolean {
  return kind !== 'and' && kind !== 'or' && kind !== 'not' && kind !== 'all';
}

function itemOf(search: Search): Item {
  switch (search.kind) {
    case 'text':
      return { key: `${field(search.column)}${search.cased ? '|cased' : ''}`, value: writePattern(search.pattern) };
    case 'number':
      return {
        key: `${field(search.column)}${search.op === '=' ? '' : `|${MODIFIER[search.op]}`}`,
        value: search.value,
      };
    case 'stated':
      return { key: `${field(search.column)}|exists`, value: true };
    case 'words':
      return search.whole
        ? { key: '|re|i', value: wholeWords(search.text) }
        : { key: '', value: writePattern([{ text: search.text }]) };
    case 'time':
      throw new NoRuleError('A rule looks at records as they arrive: take the time out of the search.');
    case 'chain':
      throw new NoRuleError('A rule looks at all chains: take the chain out of the search.');
    default:
      throw new NoRuleError('This search cannot be said as a rule.'); // what holds others is no item
  }
}

/** A text whose first and last words are whole. */
function wholeWords(text: string): string {
  const before = OF_WORD.test(text[0] ?? '') ? `(?:^|${CUTS})` : '';
  const after = OF_WORD.test(text.at(-1) ?? '') ? `(?:${CUTS}|$)` : '';
  return `${before}${escapeRegex(text)}${after}`;
}

function field(column: string): string {
  if (isColumn(column)) return column;
  throw new NoRuleError(`Rules do not have the field ${column}: take it out of the search.`);
}
