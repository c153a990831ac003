import { handler } from '@/app/_server/handler';
import { changeDefinition } from '@/lib/reports/definitions/change-definition';
import { getDefinition } from '@/lib/reports/definitions/definitions';
import { deleteDefinition } from '@/lib/reports/definitions/delete-definition';
import { ReportDefinition, ReportDefinitionChange, ReportDefinitionParams } from '@/lib/schemas/report-definitions';

export const GET = handler(
  {
    summary: 'One report that is defined under a name.',
    access: 'read',
    params: ReportDefinitionParams,
    response: ReportDefinition,
  },
  ({ ctx, actor, params }) => getDefinition(ctx, { ...params, actor }),
);

export const PATCH = handler(
  {
    summary: 'Changes what reports of a definition are made of from now on; those that are kept stay as they are.',
    access: 'analyst',
    params: ReportDefinitionParams,
    body: ReportDefinitionChange,
    response: ReportDefinition,
    errors: ['CONFLICT', 'NOT_FOUND'],
  },
  ({ ctx, actor, params, body }) => changeDefinition(ctx, { ...params, change: body, actor }),
);

export const DELETE = handler(
  {
    summary: 'Removes a definition; reports that were made of it stay, with what it was.',
    access: 'analyst',
    params: ReportDefinitionParams,
    errors: ['NOT_FOUND'],
  },
  ({ ctx, actor, params }) => deleteDefinition(ctx, { ...params, actor }),
);
