import { handler } from '@/app/_server/handler';
import { createDestination } from '@/lib/notify/create-destination';
import { listDestinations } from '@/lib/notify/list-destinations';
import { CreatedDestination, DestinationList, NewDestination } from '@/lib/schemas/notifications';

export const GET = handler(
  {
    summary: 'Everybody who is told, and how telling them goes.',
    access: 'person',
    response: DestinationList,
  },
  ({ ctx, actor }) => listDestinations(ctx, actor),
);

export const POST = handler(
  {
    summary: 'Adds a webhook, a channel of Slack or addresses of mail; the secret of a webhook is answered this once.',
    access: 'administrator',
    body: NewDestination,
    response: CreatedDestination,
    status: 201,
    errors: ['CONFLICT'],
  },
  ({ ctx, actor, body }) => createDestination(ctx, { ...body, actor }),
);
