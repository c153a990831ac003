import { handler } from '@/app/_server/handler';
import { listVersions } from '@/lib/detect/own-rules/versions';
import { PageQuery } from '@/lib/schemas/common';
import { RuleParams, RuleVersionPage } from '@/lib/schemas/rules';

export const GET = handler(
  {
    summary: 'Every text a rule written here had, with who saved it and when, the newest first.',
    access: 'read',
    params: RuleParams,
    query: PageQuery,
    response: RuleVersionPage,
    errors: ['NOT_FOUND'],
  },
  ({ ctx, params, query }) => listVersions(ctx, { ...params, ...query }),
);
