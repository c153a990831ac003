import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { wantClosed } from '@/lib/ingest/want-closed';

/** Asks for what is open to become a closed segment now, so that it can be signed; appends go on. 202, whether or not something is open. */
export const POST = handler(
  {
    summary: 'Asks for what is open to become a closed segment now, so that it can be signed. Appends go on.',
    access: 'ingest',
    params: z.object({ chainId: z.uuid() }),
    status: 202,
  },
  ({ ctx, actor, params }) => wantClosed(ctx, { ...params, actor }),
);
