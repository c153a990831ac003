import { handler } from '@/app/_server/handler';
import { previewSuppression } from '@/lib/detect/suppressions/preview-suppression';
import { inTurn } from '@/lib/events/turns';
import { SuppressionPreview, SuppressionPreviewRequest } from '@/lib/schemas/suppressions';

export const POST = handler(
  {
    summary:
      'Which findings a Sigma filter would have hidden, and which of them are confirmed as true. Nothing is kept.',
    access: 'read',
    body: SuppressionPreviewRequest,
    response: SuppressionPreview,
    errors: ['BUSY'],
  },
  ({ ctx, actor, body, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => previewSuppression(ctx, { ...body, signal })),
);
