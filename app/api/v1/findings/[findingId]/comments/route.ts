import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { FindingDetail } from '@/lib/schemas/findings';
import { FindingComment } from '@/lib/schemas/triage';
import { commentOn } from '@/lib/triage/comment';

export const POST = handler(
  {
    summary: 'Adds a comment to the history of a finding.',
    access: 'analyst',
    params: z.object({ findingId: z.uuid() }),
    body: FindingComment,
    response: FindingDetail,
    status: 201,
  },
  ({ ctx, actor, params, body }) => commentOn(ctx, { ...params, ...body, actor }),
);
