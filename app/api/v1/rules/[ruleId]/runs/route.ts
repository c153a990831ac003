import { handler } from '@/app/_server/handler';
import { listRuns } from '@/lib/detect/query/runs';
import { RuleParams, RuleRunPage, RuleRunsQuery } from '@/lib/schemas/rules';

export const GET = handler(
  {
    summary: 'Every look of a rule at records or chains, also those that found nothing, the newest first.',
    access: 'read',
    params: RuleParams,
    query: RuleRunsQuery,
    response: RuleRunPage,
    errors: ['NOT_FOUND'],
  },
  ({ ctx, params, query }) => listRuns(ctx, { ...params, ...query }),
);
