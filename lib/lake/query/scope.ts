import type { RecordScope } from '../../core/search/record-scope';
import type { Parameters } from './events';

/** The records of a scope as a condition, with the parameters it takes; `true` of every record. */
export function inScope({ chainIds, agents }: RecordScope): { condition: string; parameters: Parameters } {
  const conditions = [
    ...(chainIds ? ['chain_id IN {scopeChains: Array(UUID)}'] : []),
    ...(agents ? ['agent IN {scopeAgents: Array(String)}'] : []),
  ];
  return {
    condition: conditions.join(' AND ') || 'true',
    parameters: { ...(chainIds && { scopeChains: chainIds }), ...(agents && { scopeAgents: agents }) },
  };
}
