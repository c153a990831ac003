import { handler } from '@/app/_server/handler';
import { retryStuck } from '@/lib/ops/stuck';
import { Retried, RetryStuck } from '@/lib/schemas/stuck';

/** Has what is stuck tried again at once: one job, those of a chain, or all. 202: a worker takes it. */
export const POST = handler(
  {
    summary: 'Has failed steps tried again at once: one, those of a chain, or all.',
    access: 'ingest',
    errors: ['NOT_FOUND'],
    body: RetryStuck,
    response: Retried,
    status: 202,
  },
  ({ ctx, actor, body }) => retryStuck(ctx, { ...body, actor }),
);
