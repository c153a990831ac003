import { handler } from '@/app/_server/handler';
import { listFindings } from '@/lib/detect/findings';
import { FindingPage, FindingsQuery } from '@/lib/schemas/findings';

export const GET = handler(
  {
    summary: 'Findings, newest window first, or in the order that is asked for.',
    access: 'read',
    query: FindingsQuery,
    response: FindingPage,
  },
  ({ ctx, query }) => listFindings(ctx, query),
);
