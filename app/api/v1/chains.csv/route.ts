import { csvAnswer } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { chainsCsv } from '@/lib/reports/list-csv';
import { ChainsCsvQuery } from '@/lib/schemas/list-csv';

/** Every chain that matches, as a CSV. */
export const GET = handler({ access: 'read', query: ChainsCsvQuery }, async ({ ctx, query: { bom, ...query } }) =>
  csvAnswer(await chainsCsv(ctx, query, { bom })),
);
