import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { retireToolKey } from '@/lib/ingest/tool-keys';
import { ToolKey } from '@/lib/schemas/tool-keys';

/** Takes a key out of use for good; it stays listed. */
export const POST = handler(
  {
    summary: 'Takes a key out of use for good; it stays listed.',
    access: 'administrator',
    params: z.object({ keyId: z.uuid() }),
    response: ToolKey,
  },
  ({ ctx, actor, params }) => retireToolKey(ctx, { ...params, actor }),
);
