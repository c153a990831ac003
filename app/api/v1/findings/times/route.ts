import { handler } from '@/app/_server/handler';
import { RequestedPeriod } from '@/lib/schemas/common';
import { TriageTimes } from '@/lib/schemas/triage';
import { triageTimes } from '@/lib/triage/times';

export const GET = handler(
  {
    summary: 'How long findings waited that were found in a period.',
    access: 'read',
    query: RequestedPeriod,
    response: TriageTimes,
  },
  ({ ctx, query }) => triageTimes(ctx, query),
);
