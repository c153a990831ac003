import { handler } from '@/app/_server/handler';
import { getVersion } from '@/lib/detect/own-rules/versions';
import { RuleVersionParams, RuleVersionText } from '@/lib/schemas/rules';

export const GET = handler(
  {
    summary: 'One of them, with its text.',
    access: 'read',
    params: RuleVersionParams,
    response: RuleVersionText,
    errors: ['NOT_FOUND'],
  },
  ({ ctx, params }) => getVersion(ctx, params),
);
