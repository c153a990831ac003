import { handler } from '@/app/_server/handler';
import { retryDelivery } from '@/lib/notify/retry-delivery';
import { Delivery, DeliveryParams } from '@/lib/schemas/notifications';

export const POST = handler(
  {
    summary: 'Sends a message that was given up, or that waits, again under the id it has.',
    access: 'administrator',
    params: DeliveryParams,
    response: Delivery,
    errors: ['CONFLICT'],
  },
  ({ ctx, actor, params }) => retryDelivery(ctx, { ...params, actor }),
);
