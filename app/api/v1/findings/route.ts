import { handler } from '@/app/_server/handler';
import { FindingPage, FindingsChange, FindingsQuery } from '@/lib/schemas/findings';
import { FindingsChanged } from '@/lib/schemas/triage';
import { changeFindings } from '@/lib/triage/change-findings';
import { listFindings } from '@/lib/triage/findings';

export const GET = handler(
  {
    summary: 'Findings, newest window first, or in the order that is asked for.',
    access: 'read',
    downloads: 'findings',
    query: FindingsQuery,
    response: FindingPage,
  },
  ({ ctx, query }) => listFindings(ctx, query),
);

export const PATCH = handler(
  {
    summary: 'Changes findings by their ids, or all that a query matches.',
    access: 'analyst',
    body: FindingsChange,
    response: FindingsChanged,
    errors: ['CONFLICT'],
  },
  ({ ctx, actor, body }) => changeFindings(ctx, { asked: body, actor }),
);
