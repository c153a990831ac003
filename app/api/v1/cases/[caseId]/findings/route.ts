import { handler } from '@/app/_server/handler';
import { CaseDetail, CaseFindings, CaseParams } from '@/lib/schemas/cases';
import { changeCaseFindings } from '@/lib/triage/cases/change-case';

export const PATCH = handler(
  {
    summary: 'Puts findings into a case, and takes others out.',
    access: 'analyst',
    params: CaseParams,
    body: CaseFindings,
    response: CaseDetail,
  },
  ({ ctx, actor, params, body }) => changeCaseFindings(ctx, { ...params, ...body, actor }),
);
