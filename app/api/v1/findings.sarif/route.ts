import { SARIF_TYPE, findingsAnswer, findingsAnswers } from '@/app/_server/findings-file';
import { handler } from '@/app/_server/handler';
import { findingsSarif } from '@/lib/reports/findings-files';
import { FindingsFileQuery } from '@/lib/schemas/list-csv';

/** Every finding that matches, as SARIF. */
export const GET = handler(
  {
    summary: 'Every finding that matches as a SARIF 2.1.0 log, streamed.',
    access: 'read',
    downloads: 'sarif',
    answers: findingsAnswers('A log of one run.', SARIF_TYPE),
    query: FindingsFileQuery,
  },
  async ({ ctx, query }) =>
    findingsAnswer(await findingsSarif(ctx, query), { name: 'findings.sarif', type: SARIF_TYPE }),
);
