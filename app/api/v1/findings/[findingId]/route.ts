import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { FindingDetail } from '@/lib/schemas/findings';
import { FindingChange } from '@/lib/schemas/triage';
import { changeFinding } from '@/lib/triage/change-finding';
import { getFinding } from '@/lib/triage/findings';

const Params = z.object({ findingId: z.uuid() });

export const GET = handler(
  {
    summary: 'One finding with the records that prove it.',
    access: 'read',
    downloads: 'findings',
    params: Params,
    response: FindingDetail,
  },
  ({ ctx, params }) => getFinding(ctx, params),
);

export const PATCH = handler(
  {
    summary: 'Changes the status of a finding, its verdict, or who has it.',
    access: 'analyst',
    params: Params,
    body: FindingChange,
    response: FindingDetail,
  },
  ({ ctx, actor, params, body }) => changeFinding(ctx, { ...params, change: body, actor }),
);
