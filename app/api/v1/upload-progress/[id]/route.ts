import { z } from 'zod';
import { handler } from '@/app/_server/handler';
import { progressOf } from '@/lib/ingest/archive-progress';
import { ArchiveProgress, ProgressId } from '@/lib/schemas/uploads';

/** How far an archive that the caller sends is taken in, by the id it was sent under; null when none is. */
export const GET = handler({ access: 'ingest', params: z.object({ id: ProgressId }), response: ArchiveProgress.nullable() }, async ({ caller, params }) => progressOf(params.id, caller.id));
