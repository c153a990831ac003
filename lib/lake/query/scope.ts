import type { RecordScope } from '../../core/search/record-scope';
import { IS_OF_FLEET, type Parameters } from './events';

/** The records of a scope as a condition, with the parameters it takes: of every record those of guardrails. */
export function inScope({ chainIds, agents }: RecordScope): { condition: string; parameters: Parameters } {
  const conditions = [
    IS_OF_FLEET,
    ...(chainIds ? ['chain_id IN {scopeChains: Array(UUID)}'] : []),
    ...(agents ? ['agent IN {scopeAgents: Array(String)}'] : []),
  ];
  return {
    condition: conditions.join(' AND '),
    parameters: { ...(chainIds && { scopeChains: chainIds }), ...(agents && { scopeAgents: agents }) },
  };
}
