import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { ChangeUndone } from '@/lib/schemas/triage';
import { undoChange } from '@/lib/triage/undo-change';

export const POST = handler(
  {
    summary:
      'Undoes a change of several findings, of each that nobody has changed since; for an hour, by whoever made it.',
    access: 'analyst',
    params: z.object({ changeId: z.uuid() }),
    response: ChangeUndone,
    errors: ['CONFLICT'],
  },
  ({ ctx, actor, params }) => undoChange(ctx, { ...params, actor }),
);
