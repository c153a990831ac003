import { handler } from '@/app/_server/handler';
import { retentionPolicy, setRetention } from '@/lib/retention/policy';
import { NewRetentionPolicy, RetentionPolicy } from '@/lib/schemas/retention';

export const GET = handler(
  {
    summary: 'For how long chains without a policy of their own are kept.',
    access: 'read',
    response: RetentionPolicy,
  },
  ({ ctx }) => retentionPolicy(ctx, { chainId: null }),
);

export const PUT = handler(
  {
    summary: 'Sets for how long chains without a policy of their own are kept. Deletes nothing.',
    access: 'administrator',
    body: NewRetentionPolicy,
    response: RetentionPolicy,
  },
  ({ ctx, actor, body: { keepDays } }) => setRetention(ctx, { chainId: null, keepDays, actor }),
);
