import { CSV_ANSWERS, csvAnswer } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { listActivity } from '@/lib/activity/list-activity';
import { activityCsv } from '@/lib/reports/list-csv';
import { ActivityCsvQuery } from '@/lib/schemas/activity';

/** Every action, or every one that matches, as a CSV. */
export const GET = handler(
  {
    summary: 'Every action, or every one that matches, as CSV.',
    access: 'activity',
    downloads: 'csv',
    answers: CSV_ANSWERS,
    query: ActivityCsvQuery,
  },
  async ({ ctx, query: { bom, ...query } }) =>
    csvAnswer(await activityCsv((page) => listActivity(ctx, { ...query, ...page }), { bom })),
);
