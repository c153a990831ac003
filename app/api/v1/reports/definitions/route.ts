import { handler } from '@/app/_server/handler';
import { createDefinition } from '@/lib/reports/definitions/create-definition';
import { listDefinitions } from '@/lib/reports/definitions/definitions';
import {
  NewReportDefinition,
  ReportDefinition,
  ReportDefinitionPage,
  ReportDefinitionsQuery,
} from '@/lib/schemas/report-definitions';

export const GET = handler(
  {
    summary: 'Reports that are defined under a name, by name.',
    access: 'read',
    query: ReportDefinitionsQuery,
    response: ReportDefinitionPage,
  },
  ({ ctx, actor, query }) => listDefinitions(ctx, { ...query, actor }),
);

export const POST = handler(
  {
    summary: 'Saves what a report is made of under a name: which records, which period, which parts.',
    access: 'analyst',
    body: NewReportDefinition,
    response: ReportDefinition,
    status: 201,
    errors: ['CONFLICT'],
  },
  ({ ctx, actor, body }) => createDefinition(ctx, { ...body, actor }),
);
