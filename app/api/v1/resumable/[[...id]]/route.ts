import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { actorKey } from '@/lib/access/actor';
import { AppError } from '@/lib/core/errors';
import { resumable } from '@/lib/ingest/resumable/server';
import { ArchiveReceipt } from '@/lib/schemas/uploads';

const tus = handler({ access: 'ingest' }, async ({ ctx, actor, request }) =>
  (await resumable(ctx)).answer(request, actor),
);

/** Resumable uploads, tus 1.0.0. */
export { tus as POST, tus as HEAD, tus as PATCH, tus as DELETE };

/** What became of an upload that is whole: the receipt its last part was answered with, or would have been. */
export const GET = handler(
  { access: 'ingest', params: z.object({ id: z.tuple([z.string()]) }), response: ArchiveReceipt },
  async ({ ctx, actor, params }) => {
    const { incoming } = await resumable(ctx);
    const [id] = params.id;
    const owner = await incoming.ownerOf(id);
    if (owner !== null && owner !== actorKey(actor)) throw new AppError('NOT_FOUND', 'there is no such upload', { id });
    return incoming.finish(id);
  },
);

/** What of tus is spoken here; tells nothing else, so anyone may ask. */
export const OPTIONS = handler({ access: 'public' }, async ({ ctx, actor, request }) =>
  (await resumable(ctx)).answer(request, actor),
);
