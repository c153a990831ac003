import { handler } from '@/app/_server/handler';
import { getOverview } from '@/lib/ops/overview';
import { RequestedPeriod } from '@/lib/schemas/common';
import { Overview } from '@/lib/schemas/reports';

export const GET = handler(
  { summary: 'The figures of the overview for a period.', access: 'read', query: RequestedPeriod, response: Overview },
  ({ ctx, query }) => getOverview(ctx, { period: query }),
);
