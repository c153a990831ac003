import { CSV_ANSWERS, csvAnswer } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { chainsCsv } from '@/lib/reports/list-csv';
import { ChainsCsvQuery } from '@/lib/schemas/list-csv';

/** Every chain that matches, as a CSV. */
export const GET = handler(
  {
    summary: 'Every chain that matches, as CSV.',
    access: 'read',
    downloads: 'csv',
    answers: CSV_ANSWERS,
    query: ChainsCsvQuery,
  },
  async ({ ctx, query: { bom, ...query } }) => csvAnswer(await chainsCsv(ctx, query, { bom })),
);
