import { handler } from '@/app/_server/handler';
import { CaseChange, CaseDetail, CaseParams } from '@/lib/schemas/cases';
import { getCase } from '@/lib/triage/cases/cases';
import { changeCase } from '@/lib/triage/cases/change-case';

export const GET = handler(
  {
    summary: 'One case with its findings in the order of time, and what was done about it.',
    access: 'read',
    downloads: 'findings',
    params: CaseParams,
    response: CaseDetail,
  },
  ({ ctx, actor: { workspaceId }, params }) => getCase(ctx, { ...params, workspaceId }),
);

export const PATCH = handler(
  {
    summary: 'Renames a case, moves it, gives it to somebody, or adds a note.',
    access: 'analyst',
    params: CaseParams,
    body: CaseChange,
    response: CaseDetail,
  },
  ({ ctx, actor, params, body }) => changeCase(ctx, { ...params, change: body, actor }),
);
