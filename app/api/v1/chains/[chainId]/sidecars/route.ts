import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listSidecars } from '@/lib/chains/sidecars';
import { PageQuery } from '@/lib/schemas/common';
import { SidecarPage } from '@/lib/schemas/sidecars';

/** The sidecar files of a chain, newest first, with what each proves or disproves. */
export const GET = handler(
  {
    summary: 'Sidecar files of the chain, newest first, each with what it proves or disproves.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    query: PageQuery,
    response: SidecarPage,
  },
  ({ ctx, params, query }) => listSidecars(ctx, { ...params, ...query }),
);
