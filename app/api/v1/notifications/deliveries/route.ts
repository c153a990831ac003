import { handler } from '@/app/_server/handler';
import { listDeliveries } from '@/lib/notify/list-deliveries';
import { DeliveriesQuery, DeliveryPage } from '@/lib/schemas/notifications';

export const GET = handler(
  {
    summary: 'Messages, newest first, each with its attempts.',
    access: 'person',
    query: DeliveriesQuery,
    response: DeliveryPage,
  },
  ({ ctx, query }) => listDeliveries(ctx, query),
);
