import { handler } from '@/app/_server/handler';
import { retryStuck } from '@/lib/ops/stuck';
import { Retried, RetryStuck } from '@/lib/schemas/stuck';

/** Has what is stuck tried again at once: one job, those of a chain, or all. 202: a worker takes it. */
export const POST = handler(
  { access: 'ingest', body: RetryStuck, response: Retried, status: 202 },
  ({ ctx, actor, body }) => retryStuck(ctx, { ...body, actor }),
);
