import { handler } from '@/app/_server/handler';
import { CaseDetail, CasePage, CasesQuery, NewCase } from '@/lib/schemas/cases';
import { listCases } from '@/lib/triage/cases/cases';
import { createCase } from '@/lib/triage/cases/create-case';

export const GET = handler(
  { summary: 'Cases, the newest first.', access: 'read', query: CasesQuery, response: CasePage },
  ({ ctx, actor: { workspaceId }, query }) => listCases(ctx, { ...query, workspaceId }),
);

export const POST = handler(
  {
    summary: 'Begins a case, with findings or none.',
    access: 'analyst',
    body: NewCase,
    response: CaseDetail,
    status: 201,
    errors: ['NOT_FOUND'],
  },
  ({ ctx, actor, body }) => createCase(ctx, { ...body, actor }),
);
