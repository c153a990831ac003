import * as z from 'zod';
import { CSV_ANSWERS, csvAnswer, csvFile } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { chainTableCsv } from '@/lib/reports/list-csv';
import { ChainTable, ChainTableCsvQuery } from '@/lib/schemas/list-csv';

const Params = z.object({ chainId: z.uuid(), file: csvFile(ChainTable) });

/** A table of the chain as a CSV: every row, and of the records every one that matches. */
export const GET = handler(
  {
    summary: 'A table of the chain as CSV: every row, and of the records every one that matches.',
    access: 'read',
    downloads: 'csv',
    answers: CSV_ANSWERS,
    params: Params,
    query: ChainTableCsvQuery,
  },
  async ({ ctx, params: { chainId, file }, query: { bom, ...query } }) =>
    csvAnswer(await chainTableCsv(ctx, { chainId, table: file, query }, { bom })),
);
