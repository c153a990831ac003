import { handler } from '@/app/_server/handler';
import { runOnce } from '@/lib/package/report-runs/request';
import { ReportOnce } from '@/lib/schemas/report-definitions';
import { ReportRun } from '@/lib/schemas/report-runs';

/** 202: it is there when its state is `done`; 429 when too many wait. */
export const POST = handler(
  {
    summary:
      'Has a report of any kind made once and kept, of a definition that is saved nowhere. One of the same that waits already is answered.',
    access: 'analyst',
    errors: ['BUSY', 'NOT_FOUND', 'CONFLICT', 'TOO_LARGE'],
    body: ReportOnce,
    response: ReportRun,
    status: 202,
  },
  ({ ctx, actor, body }) => runOnce(ctx, { ...body, actor }),
);
