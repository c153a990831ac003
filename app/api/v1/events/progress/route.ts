import { handler } from '@/app/_server/handler';
import { searchProgress } from '@/lib/events/search-progress';
import { ProgressQuery, SearchProgress } from '@/lib/schemas/events';

export const GET = handler(
  {
    summary: 'How far a search has come that was given this name as `run`, while it runs.',
    access: 'read',
    query: ProgressQuery,
    response: SearchProgress,
  },
  ({ ctx, actor, query }) => searchProgress(ctx, { actor, ...query }),
);
