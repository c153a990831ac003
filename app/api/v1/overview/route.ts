import { handler } from '@/app/_server/handler';
import { getOverview } from '@/lib/ops/overview';
import { AskedPeriod } from '@/lib/schemas/common';
import { Overview } from '@/lib/schemas/reports';

export const GET = handler({ access: 'read', query: AskedPeriod, response: Overview }, ({ ctx, query }) => getOverview(ctx, { period: query }));
