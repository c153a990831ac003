import { handler } from '@/app/_server/handler';
import { runDefinition } from '@/lib/package/report-runs/request';
import { ReportDefinitionParams } from '@/lib/schemas/report-definitions';
import { ReportRun } from '@/lib/schemas/report-runs';

/** 202: it is there when its state is `done`; 429 when too many wait. */
export const POST = handler(
  {
    summary:
      'Has the report of a definition made now and kept, of its period as that is now. One of the same that waits already is answered.',
    access: 'analyst',
    params: ReportDefinitionParams,
    response: ReportRun,
    status: 202,
    errors: ['BUSY', 'NOT_FOUND'],
  },
  ({ ctx, actor, params }) => runDefinition(ctx, { ...params, actor }),
);
