import { handler } from '@/app/_server/handler';
import { requestReportRun } from '@/lib/package/report-runs/request';
import { listReportRuns } from '@/lib/package/report-runs/runs';
import { NewReportRun, ReportRun, ReportRunPage, ReportRunsQuery } from '@/lib/schemas/report-runs';

export const GET = handler(
  {
    summary: 'Governance reports that are kept, newest first.',
    access: 'read',
    query: ReportRunsQuery,
    response: ReportRunPage,
  },
  ({ ctx, query }) => listReportRuns(ctx, query),
);

/** Has the governance report of a period made once and kept. 202: it is there when its state is `done`; 429 when too many wait. */
export const POST = handler(
  {
    summary:
      'Has the governance report of a period made once and kept, signed, with what it rests on. It is there when its state is `done`; one of the same period that waits already is answered.',
    access: 'analyst',
    errors: ['BUSY'],
    body: NewReportRun,
    response: ReportRun,
    status: 202,
  },
  ({ ctx, actor, body: period }) => requestReportRun(ctx, { period, actor }),
);
