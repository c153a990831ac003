import { handler } from '@/app/_server/handler';
import { checkRule } from '@/lib/detect/own-rules/check-rule';
import { RuleCheck, RuleCheckRequest } from '@/lib/schemas/rules';

export const POST = handler(
  {
    summary: 'What a text would be as a rule, or what keeps it from being one and where. Keeps nothing.',
    access: 'read',
    body: RuleCheckRequest,
    response: RuleCheck,
  },
  ({ ctx, body, request: { signal } }) => checkRule(ctx, { ...body, signal }),
);
