import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getReportRun } from '@/lib/package/report-runs/runs';
import { ReportRun } from '@/lib/schemas/report-runs';

export const GET = handler(
  {
    summary: 'One report that is kept, or how far it is.',
    access: 'read',
    downloads: 'report',
    params: z.object({ runId: z.uuid() }),
    response: ReportRun,
  },
  ({ ctx, params }) => getReportRun(ctx, params),
);
