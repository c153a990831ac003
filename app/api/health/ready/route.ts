import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getHealth } from '@/lib/ops/health';

const State = z.object({ status: z.enum(['ok', 'unready']) });

/** Readiness: what is sent here now would be kept. 503 while it would not, or not surely so. */
export const GET = handler(
  {
    summary: 'Readiness: whether what is sent now would be kept.',
    access: 'public',
    answers: {
      200: { is: 'It would be kept.', types: ['application/json'], schema: State },
      503: { is: 'It would not, or not surely.', types: ['application/json'], schema: State },
    },
  },
  async ({ ctx }) => {
    const { checks, writing } = await getHealth(ctx);
    const ready = checks.database && checks.evidence && writing === 'ok';
    return Response.json(
      { status: ready ? 'ok' : 'unready' },
      { status: ready ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
    );
  },
);
