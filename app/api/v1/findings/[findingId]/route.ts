import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getFinding, setFindingStatus } from '@/lib/detect/findings';
import { Finding, FindingDetail, FindingPatch } from '@/lib/schemas/findings';

const Params = z.object({ findingId: z.uuid() });

export const GET = handler(
  { summary: 'One finding with the records that prove it.', access: 'read', params: Params, response: FindingDetail },
  ({ ctx, params }) => getFinding(ctx, params),
);

export const PATCH = handler(
  {
    summary: 'Sets whether a finding is open, acknowledged or closed.',
    access: 'person',
    params: Params,
    body: FindingPatch,
    response: Finding,
  },
  ({ ctx, actor, params, body }) => setFindingStatus(ctx, { ...params, ...body, actor }),
);
