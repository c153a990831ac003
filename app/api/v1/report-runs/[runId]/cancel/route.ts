import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { cancelReportRun } from '@/lib/package/report-runs/cancel';
import { ReportRun } from '@/lib/schemas/report-runs';

export const POST = handler(
  {
    summary: 'Ends a report run that waits or is being made. One that was cancelled stays as it is.',
    access: 'analyst',
    errors: ['CONFLICT', 'NOT_FOUND'],
    params: z.object({ runId: z.uuid() }),
    response: ReportRun,
  },
  ({ ctx, actor, params }) => cancelReportRun(ctx, { ...params, actor }),
);
