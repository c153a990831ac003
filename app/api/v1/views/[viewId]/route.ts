import { handler } from '@/app/_server/handler';
import { changeView } from '@/lib/events/views/change-view';
import { deleteView } from '@/lib/events/views/delete-view';
import { View, ViewChange, ViewParams } from '@/lib/schemas/views';

export const PATCH = handler(
  {
    summary: 'Renames a saved search, shares it or no longer, or puts another search in its place.',
    access: 'person',
    params: ViewParams,
    body: ViewChange,
    response: View,
    errors: ['CONFLICT', 'FORBIDDEN'],
  },
  ({ ctx, actor, params, body }) => changeView(ctx, { ...params, change: body, actor }),
);

export const DELETE = handler(
  { summary: 'Deletes a saved search.', access: 'person', params: ViewParams, errors: ['FORBIDDEN'] },
  ({ ctx, actor, params }) => deleteView(ctx, { ...params, actor }),
);
