import { handler } from '@/app/_server/handler';
import { getSuppression } from '@/lib/detect/suppressions/suppressions';
import { Suppression, SuppressionParams } from '@/lib/schemas/suppressions';

export const GET = handler(
  { summary: 'One suppression.', access: 'read', params: SuppressionParams, response: Suppression },
  ({ ctx, params }) => getSuppression(ctx, params),
);
