import 'server-only';
import type { Context } from '../context';
import { parseSearch } from '../core/search/parse';
import { searchedIn } from '../lake/query/search';
import { valuesOf } from '../lake/query/search-values';
import type { Period } from '../schemas/common';
import type { Overview } from '../schemas/reports';

const SHOWN = 5;
const DENIED = parseSearch('decision:deny').search;

/** The agents and tools most records of a period are of, and what was refused most. */
export async function topValues(ctx: Context, period: Period): Promise<Overview['top']> {
  const [agents, tools, deniedTargets] = await Promise.all([
    valuesOf(ctx, searchedIn(period), 'agent', SHOWN),
    valuesOf(ctx, searchedIn(period), 'tool', SHOWN),
    valuesOf(ctx, searchedIn(period, DENIED), 'target', SHOWN),
  ]);
  return { agents: agents.values, tools: tools.values, deniedTargets: deniedTargets.values };
}
