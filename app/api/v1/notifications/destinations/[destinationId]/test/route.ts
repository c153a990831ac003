import { handler } from '@/app/_server/handler';
import { testDestination } from '@/lib/notify/test-destination';
import { Delivery, DestinationParams } from '@/lib/schemas/notifications';

export const POST = handler(
  {
    summary: 'Sends a test message at once and answers how that went.',
    access: 'administrator',
    params: DestinationParams,
    response: Delivery,
  },
  ({ ctx, actor, params }) => testDestination(ctx, { ...params, actor }),
);
