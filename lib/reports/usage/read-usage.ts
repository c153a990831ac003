import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { DECISIONS, type Decision } from '../../core/event/fields';
import type { RecordScope } from '../../core/search/record-scope';
import { sessionsIn, usedIn } from '../../lake/query/usage';
import type { Period } from '../../schemas/common';
import type { Usage, UsageRow } from './usage';

/** Rows of agents, models and tools that are held at once. */
const MOST_ROWS = 100_000;

/** Who used what in a period. @throws AppError TOO_LARGE for more than 100,000 agents, models and tools together. */
export async function readUsage(
  ctx: Context,
  { period, scope }: { period: Period; scope: RecordScope },
): Promise<Usage> {
  const [used, sessions] = await Promise.all([
    usedIn(ctx, { period, scope, most: MOST_ROWS + 1 }),
    sessionsIn(ctx, { period, scope }),
  ]);
  if (used.length > MOST_ROWS)
    throw new AppError('TOO_LARGE', `a usage report has at most ${MOST_ROWS} rows of agent, model and tool`, {
      limit: MOST_ROWS,
    });
  const of = (set: 'agent' | 'model' | 'tool') =>
    new Map(sessions.filter((one) => one.set === set).map((one) => [one.value, one.sessions]));
  return {
    rows: used.map(
      ({ costNano, ...row }): UsageRow => ({ ...row, decisions: decisionsOf(row), costNano: BigInt(costNano) }),
    ),
    sessions: {
      all: sessions.find(({ set }) => set === 'all')?.sessions ?? 0,
      agent: of('agent'),
      model: of('model'),
      tool: of('tool'),
    },
  };
}

function decisionsOf(row: Record<Decision, number>): Record<Decision, number> {
  const counts = { allow: 0, deny: 0, ask: 0, transform: 0, local: 0, error: 0, info: 0 };
  for (const decision of DECISIONS) counts[decision] = row[decision];
  return counts;
}
