import { handler } from '@/app/_server/handler';
import { listActivity } from '@/lib/activity/list-activity';
import { ActivityPage, ActivityQuery } from '@/lib/schemas/activity';

export const GET = handler(
  {
    summary: 'Who did what, newest first.',
    access: 'activity',
    downloads: 'activity',
    query: ActivityQuery,
    response: ActivityPage,
  },
  ({ ctx, query }) => listActivity(ctx, query),
);
