import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { caseOcsf } from '@/lib/reports/cases-files';
import { CaseParams } from '@/lib/schemas/cases';
import { getCase } from '@/lib/triage/cases/cases';

const TYPE = 'application/json';

/** One case in OCSF. */
export const GET = handler(
  {
    summary: 'One case as an OCSF Incident Finding.',
    access: 'read',
    downloads: 'ocsf',
    answers: { 200: { is: 'The case, of class 2005.', types: [TYPE] } },
    params: CaseParams,
  },
  async ({ ctx, actor: { workspaceId }, params }) =>
    fileAnswer(caseOcsf(ctx, await getCase(ctx, { ...params, workspaceId })), {
      name: `case-${params.caseId}.ocsf.json`,
      type: TYPE,
    }),
);
