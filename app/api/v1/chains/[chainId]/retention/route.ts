import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { chainRetention } from '@/lib/retention/list-retention';
import { resetRetention, setRetention } from '@/lib/retention/policy';
import { ChainRetention, NewRetentionPolicy, RetentionPolicy } from '@/lib/schemas/retention';

const params = z.object({ chainId: z.uuid() });

export const GET = handler(
  {
    summary: 'For how long the chain is kept, and what stands between it and its deletion.',
    access: 'read',
    params,
    response: ChainRetention,
  },
  ({ ctx, params }) => chainRetention(ctx, params),
);

export const PUT = handler(
  {
    summary: 'Gives the chain a retention of its own. Deletes nothing.',
    access: 'administrator',
    params,
    body: NewRetentionPolicy,
    response: RetentionPolicy,
  },
  ({ ctx, actor, params, body: { keepDays } }) => setRetention(ctx, { ...params, keepDays, actor }),
);

export const DELETE = handler(
  {
    summary: 'What holds for all chains holds for this one again.',
    access: 'administrator',
    params,
    response: RetentionPolicy,
  },
  ({ ctx, actor, params }) => resetRetention(ctx, { ...params, actor }),
);
