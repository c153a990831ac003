import { handler } from '@/app/_server/handler';
import { listRuns } from '@/lib/detect/query/runs';
import { PageQuery } from '@/lib/schemas/common';
import { RuleParams, RuleRunPage } from '@/lib/schemas/rules';

export const GET = handler(
  {
    summary: 'Every look of a rule at records or chains, also those that found nothing, the newest first.',
    access: 'read',
    params: RuleParams,
    query: PageQuery,
    response: RuleRunPage,
    errors: ['NOT_FOUND'],
  },
  ({ ctx, params, query }) => listRuns(ctx, { ...params, ...query }),
);
