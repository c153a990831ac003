import { handler } from '@/app/_server/handler';
import { cancelBackfill, requestBackfill } from '@/lib/detect/backfill/request-backfill';
import { RuleParams } from '@/lib/schemas/rules';

export const POST = handler(
  {
    summary: 'Has a rule look at everything recorded before once more.',
    access: 'analyst',
    params: RuleParams,
    status: 202,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  ({ ctx, actor, params }) => requestBackfill(ctx, { ...params, actor }),
);

export const DELETE = handler(
  {
    summary: 'Ends that: what was found so far stands, and the rule goes on with what is new.',
    access: 'analyst',
    params: RuleParams,
    errors: ['NOT_FOUND'],
  },
  ({ ctx, actor, params }) => cancelBackfill(ctx, { ...params, actor }),
);
