import { findingsAnswer, findingsAnswers } from '@/app/_server/findings-file';
import { handler } from '@/app/_server/handler';
import { findingsOcsf } from '@/lib/reports/findings-files';
import { FindingsFileQuery } from '@/lib/schemas/list-csv';

const TYPE = 'application/x-ndjson';

/** Every finding that matches, in OCSF. */
export const GET = handler(
  {
    summary: 'Every finding that matches as an OCSF Detection Finding, one a line, streamed.',
    access: 'read',
    downloads: 'ocsf',
    answers: findingsAnswers('The findings, of class 2004.', TYPE),
    query: FindingsFileQuery,
  },
  async ({ ctx, query }) =>
    findingsAnswer(await findingsOcsf(ctx, query), { name: 'findings.ocsf.ndjson', type: TYPE }),
);
