import { handler } from '@/app/_server/handler';
import { endSuppression } from '@/lib/detect/suppressions/end-suppression';
import { Suppression, SuppressionParams } from '@/lib/schemas/suppressions';

export const POST = handler(
  {
    summary: 'Ends a suppression before it expires; what it hid is in the queue again.',
    access: 'analyst',
    params: SuppressionParams,
    response: Suppression,
  },
  ({ ctx, actor, params }) => endSuppression(ctx, { ...params, actor }),
);
