import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { requestDeletion } from '@/lib/retention/request-deletion';
import { ChainRetention, NewDeletion } from '@/lib/schemas/retention';

/** 202: it is deleted when its state is `deleted`. */
export const POST = handler(
  {
    summary:
      'Has a sealed chain whose retention has ended deleted, leaving a signed tombstone. Final. `head` and `records` are what was seen of it: another chain is not deleted.',
    access: 'administrator',
    errors: ['CONFLICT'],
    params: z.object({ chainId: z.uuid() }),
    body: NewDeletion,
    response: ChainRetention,
    status: 202,
  },
  ({ ctx, actor, params, body }) => requestDeletion(ctx, { ...params, ...body, actor }),
);
