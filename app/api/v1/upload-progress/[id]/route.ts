import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { actorKey } from '@/lib/access/actor';
import { progressOf } from '@/lib/ingest/archive-progress';
import { ArchiveProgress, ProgressId } from '@/lib/schemas/uploads';

/** How far an archive that the actor sends is taken in, by the id it was sent under; null when none is. */
export const GET = handler(
  {
    summary: 'Progress of an archive you send, by the id it was sent under; `null` when there is none.',
    access: 'ingest',
    params: z.object({ id: ProgressId }),
    response: ArchiveProgress.nullable(),
  },
  async ({ actor, params }) => progressOf(params.id, actorKey(actor)),
);
