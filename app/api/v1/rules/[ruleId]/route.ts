import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getRule } from '@/lib/detect/rules';
import { RuleDetail } from '@/lib/schemas/rules';

export const GET = handler(
  {
    summary: 'One rule with its text and what to do about its findings.',
    access: 'read',
    params: z.object({ ruleId: z.guid() }),
    response: RuleDetail,
  },
  ({ ctx, params }) => getRule(ctx, params),
);
