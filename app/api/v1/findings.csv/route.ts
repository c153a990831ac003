import { CSV_ANSWERS, csvAnswer } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { findingsCsv } from '@/lib/reports/list-csv';
import { FindingsCsvQuery } from '@/lib/schemas/list-csv';

/** Every finding that matches, as a CSV. */
export const GET = handler(
  {
    summary: 'Every finding that matches, as CSV.',
    access: 'read',
    downloads: 'csv',
    answers: CSV_ANSWERS,
    query: FindingsCsvQuery,
  },
  async ({ ctx, query: { bom, ...query } }) => csvAnswer(await findingsCsv(ctx, query, { bom })),
);
