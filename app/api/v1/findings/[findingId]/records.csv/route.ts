import * as z from 'zod';
import { CSV_ANSWERS, csvAnswer } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { getFinding } from '@/lib/triage/findings';
import { findingCsv } from '@/lib/reports/list-csv';
import { FindingCsvQuery } from '@/lib/schemas/list-csv';

/** The records listed as proof of a finding, as a CSV. */
export const GET = handler(
  {
    summary: 'The records listed as proof of a finding, as CSV.',
    access: 'read',
    downloads: 'csv',
    answers: CSV_ANSWERS,
    params: z.object({ findingId: z.uuid() }),
    query: FindingCsvQuery,
  },
  async ({ ctx, params, query }) => csvAnswer(await findingCsv(await getFinding(ctx, params), query)),
);
