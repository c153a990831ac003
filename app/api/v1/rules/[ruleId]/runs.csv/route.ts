import { CSV_ANSWERS, csvAnswer } from '@/app/_server/csv';
import { handler } from '@/app/_server/handler';
import { ruleRunsCsv } from '@/lib/reports/list-csv';
import { RuleRunsCsvQuery } from '@/lib/schemas/list-csv';
import { RuleParams } from '@/lib/schemas/rules';

export const GET = handler(
  {
    summary: 'Every look of a rule, also those that found nothing, as CSV.',
    access: 'read',
    downloads: 'csv',
    answers: CSV_ANSWERS,
    params: RuleParams,
    query: RuleRunsCsvQuery,
    errors: ['NOT_FOUND'],
  },
  async ({ ctx, params, query }) => csvAnswer(await ruleRunsCsv(ctx, params, query)),
);
