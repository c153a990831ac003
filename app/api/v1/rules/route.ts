import { handler } from '@/app/_server/handler';
import { createRule } from '@/lib/detect/own-rules/save-rule';
import { listRules } from '@/lib/detect/rules';
import { NewRule, RuleDetail, RuleList } from '@/lib/schemas/rules';

export const GET = handler(
  {
    summary: 'Every rule, shipped or written here, with when it ran last and what it found, worst first.',
    access: 'read',
    response: RuleList,
  },
  ({ ctx }) => listRules(ctx),
);

export const POST = handler(
  {
    summary:
      'Keeps a rule as the first version of one written here. `line` and `column` of a failure say where it is none.',
    access: 'analyst',
    body: NewRule,
    response: RuleDetail,
    status: 201,
    errors: ['CONFLICT'],
  },
  ({ ctx, actor, body, request: { signal } }) => createRule(ctx, { ...body, actor, signal }),
);
