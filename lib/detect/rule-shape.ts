import type { CatalogRule } from './catalog';
import type { Rule } from '../schemas/rules';

/** What a rule is called and counts. */
export function shapeOf({
  id,
  title,
  level,
  correlation,
  bases,
}: CatalogRule): Pick<Rule, 'id' | 'title' | 'level' | 'kind' | 'timespan' | 'groupBy'> {
  return {
    id,
    title,
    level,
    kind: bases[0]?.id === id ? 'record' : correlation.type,
    timespan: correlation.timespan,
    groupBy: correlation.groupBy,
  };
}
