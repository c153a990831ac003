import { handler } from '@/app/_server/handler';
import { createView } from '@/lib/events/views/create-view';
import { listViews } from '@/lib/events/views/list-views';
import { NewView, View, ViewList } from '@/lib/schemas/views';

export const GET = handler(
  {
    summary: 'Saved searches: those of the person who asks, and those that are shared.',
    access: 'person',
    response: ViewList,
  },
  async ({ ctx, actor }) => ({ items: await listViews(ctx, actor) }),
);

export const POST = handler(
  {
    summary: 'Saves a search under a name, for the person who asks or for everybody.',
    access: 'person',
    body: NewView,
    response: View,
    status: 201,
    errors: ['CONFLICT'],
  },
  ({ ctx, actor, body }) => createView(ctx, { ...body, actor }),
);
