import { handler } from '@/app/_server/handler';
import { getHealth } from '@/lib/ops/health';

/** Readiness: what is sent here now would be kept. 503 while it would not, or not surely so. */
export const GET = handler({ access: 'public' }, async ({ ctx }) => {
  const { checks, writing } = await getHealth(ctx);
  const ready = checks.database && checks.evidence && writing === 'ok';
  return Response.json(
    { status: ready ? 'ok' : 'unready' },
    { status: ready ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
  );
});
