import { handler } from '@/app/_server/handler';
import { changeDestination } from '@/lib/notify/change-destination';
import { deleteDestination } from '@/lib/notify/delete-destination';
import { Destination, DestinationChange, DestinationParams } from '@/lib/schemas/notifications';

export const PATCH = handler(
  {
    summary: 'Renames a destination, turns it off or on, or changes what it is told of or where that goes.',
    access: 'administrator',
    params: DestinationParams,
    body: DestinationChange,
    response: Destination,
    errors: ['CONFLICT'],
  },
  ({ ctx, actor, params, body }) => changeDestination(ctx, { ...params, change: body, actor }),
);

export const DELETE = handler(
  {
    summary: 'Deletes a destination with its secret, its log, and what waits for it.',
    access: 'administrator',
    params: DestinationParams,
  },
  ({ ctx, actor, params }) => deleteDestination(ctx, { ...params, actor }),
);
