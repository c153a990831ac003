import { ConditionError, parseCondition } from './condition';
import { type ItemContext, type Path, type Refuse, parseItem } from './item';
import type { Predicate } from './rule';

const MAX_DEPTH = 16;

/**
 * Reads the `detection` section of a rule (sigma-rules-specification.md, "Detection"), or the selections and the condition of a filter.
 * What is not supported is refused, never left out.
 */
export function parseDetection(
  detection: Readonly<Record<string, unknown>>,
  path: Path,
  context: ItemContext,
): Predicate {
  const { refuse } = context;
  const selections = new Map<string, Predicate>();
  for (const [name, selection] of Object.entries(detection)) {
    if (name === 'condition') continue;
    if (name === 'timeframe') refuse([...path, name], 'is not supported in a rule; use a correlation with a timespan');
    selections.set(name, parseSelection(selection, [...path, name], context));
  }
  const { condition } = detection;
  if (!Array.isArray(condition)) return parseOne(condition, [...path, 'condition'], selections, refuse);
  if (condition.length === 0) refuse([...path, 'condition'], 'must not be empty');
  return {
    kind: 'or',
    of: condition.map((one, index) => parseOne(one, [...path, 'condition', index], selections, refuse)),
  };
}

function parseOne(
  condition: unknown,
  path: Path,
  selections: ReadonlyMap<string, Predicate>,
  refuse: Refuse,
): Predicate {
  if (typeof condition !== 'string') return refuse(path, 'must be a condition, as text');
  if (condition.includes('|'))
    refuse(path, 'aggregations with "|" are not supported; use a correlation', condition.indexOf('|'));
  try {
    return parseCondition(condition, selections);
  } catch (error) {
    if (error instanceof ConditionError) return refuse(path, error.message, error.at);
    throw error;
  }
}

/** A map of fields, keywords, or a list of either, of which one has to hold. */
function parseSelection(selection: unknown, path: Path, context: ItemContext): Predicate {
  const { refuse } = context;
  if (path.length > MAX_DEPTH) refuse(path, 'is nested too deep');
  if (Array.isArray(selection)) {
    if (selection.length === 0) refuse(path, 'must not be empty');
    return { kind: 'or', of: selection.map((item, index) => parseSelection(item, [...path, index], context)) };
  }
  if (typeof selection === 'string' || typeof selection === 'number') return parseItem('', selection, path, context);
  if (!isMap(selection)) return refuse(path, 'must be a map of fields, or keywords');
  const items = Object.entries(selection);
  if (items.length === 0) refuse(path, 'must name at least one field');
  return { kind: 'and', of: items.map(([key, value]) => parseItem(key, value, [...path, key], context)) };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
