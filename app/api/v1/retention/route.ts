import { handler } from '@/app/_server/handler';
import { listRetention } from '@/lib/retention/list-retention';
import { RetentionPage, RetentionQuery } from '@/lib/schemas/retention';

export const GET = handler(
  {
    summary:
      'Chains with what stands between them and their deletion, newest first, and how many are in which state; with `keepDays` as a policy that is only tried would have them. Deletes nothing.',
    access: 'read',
    query: RetentionQuery,
    response: RetentionPage,
  },
  ({ ctx, query }) => listRetention(ctx, query),
);
