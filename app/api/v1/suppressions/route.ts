import { handler } from '@/app/_server/handler';
import { createSuppression } from '@/lib/detect/suppressions/create-suppression';
import { listSuppressions } from '@/lib/detect/suppressions/suppressions';
import { NewSuppression, Suppression, SuppressionPage, SuppressionsQuery } from '@/lib/schemas/suppressions';

export const GET = handler(
  {
    summary: 'Suppressions of findings, the newest first.',
    access: 'read',
    query: SuppressionsQuery,
    response: SuppressionPage,
  },
  ({ ctx, query }) => listSuppressions(ctx, query),
);

export const POST = handler(
  {
    summary: 'Hides the findings of a Sigma filter until it expires; none that is confirmed as true.',
    access: 'analyst',
    body: NewSuppression,
    response: Suppression,
    status: 201,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  ({ ctx, actor, body, request }) => createSuppression(ctx, { ...body, actor, signal: request.signal }),
);
