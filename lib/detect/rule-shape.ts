import type { CatalogRule } from './catalog';
import type { ShippedIntegrityRule } from './integrity-rules';
import type { Rule } from '../schemas/rules';

/** What a rule is called and counts. */
export function shapeOf(
  rule: CatalogRule | ShippedIntegrityRule,
): Pick<Rule, 'id' | 'title' | 'level' | 'kind' | 'timespan' | 'groupBy'> {
  const { id, title, level } = rule;
  if ('field' in rule) return { id, title, level, kind: 'chain', timespan: '', groupBy: [] };
  const { correlation, bases } = rule;
  return {
    id,
    title,
    level,
    kind: bases[0]?.id === id ? 'record' : correlation.type,
    timespan: correlation.timespan,
    groupBy: correlation.groupBy,
  };
}
