import { z } from 'zod';
import { handler } from '@/app/_server/handler';
import { listRecords } from '@/lib/report/records';
import { RecordPage, RecordsQuery } from '@/lib/schemas/chains';

export const GET = handler({ access: 'read', params: z.object({ chainId: z.uuid() }), query: RecordsQuery, response: RecordPage }, ({ ctx, params, query }) =>
  listRecords(ctx, { ...params, ...query }),
);
