import { findingsAnswer, findingsAnswers } from '@/app/_server/findings-file';
import { handler } from '@/app/_server/handler';
import { casesOcsf } from '@/lib/reports/cases-files';
import { CasesFileQuery } from '@/lib/schemas/cases';

const TYPE = 'application/x-ndjson';

/** Every case that matches, in OCSF. */
export const GET = handler(
  {
    summary: 'Every case that matches as an OCSF Incident Finding, one a line, streamed.',
    access: 'read',
    downloads: 'ocsf',
    answers: findingsAnswers('The cases, of class 2005.', TYPE),
    query: CasesFileQuery,
  },
  async ({ ctx, actor: { workspaceId }, query }) =>
    findingsAnswer(await casesOcsf(ctx, { ...query, workspaceId }), { name: 'cases.ocsf.ndjson', type: TYPE }),
);
