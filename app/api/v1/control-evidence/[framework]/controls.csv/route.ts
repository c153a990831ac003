import { CSV_ANSWERS, csvAnswer } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { getControlEvidence } from '@/lib/reports/controls/control-evidence';
import { controlsCsv } from '@/lib/reports/controls/controls-csv';
import { ControlsCsvQuery, FrameworkParams } from '@/lib/schemas/controls';

export const GET = handler(
  {
    summary: 'The same as CSV: a row for each figure of each control, and for each of its parts.',
    access: 'read',
    downloads: 'csv',
    answers: CSV_ANSWERS,
    params: FrameworkParams,
    query: ControlsCsvQuery,
  },
  async ({ ctx, params: { framework }, query: { bom, ...period } }) =>
    csvAnswer(
      controlsCsv(await getControlEvidence(ctx, { framework, period }), { bom, publicUrl: ctx.env.workspaceUrl }),
    ),
);
