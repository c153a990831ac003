import * as z from 'zod';
import { CSV_TYPE, csvFile } from '@/app/_server/csv';
import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { exportCsv } from '@/lib/reports/csv';
import { CsvKind, CsvQuery } from '@/lib/schemas/reports';

const Params = z.object({
  file: csvFile(CsvKind),
});

/** A CSV of the period, streamed. */
export const GET = handler(
  {
    summary: 'A report of a period as CSV, streamed.',
    access: 'read',
    downloads: 'csv',
    answers: { 200: { is: 'The table, RFC 4180 in UTF-8.', types: ['text/csv'] } },
    params: Params,
    query: CsvQuery,
  },
  async ({ ctx, params, query }) => {
    const day = (instant: string) => instant.slice(0, 10);
    return fileAnswer(
      exportCsv(ctx, { kind: params.file, period: { from: query.from, to: query.to }, bom: query.bom }),
      { name: `${params.file}_${day(query.from)}_${day(query.to)}.csv`, type: CSV_TYPE },
    );
  },
);
