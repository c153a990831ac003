import { handler } from '@/app/_server/handler';
import { openedContexts } from '@/lib/compose';
import { getInstallationHealth } from '@/lib/ops/workspaces-health';
import { Health } from '@/lib/schemas/settings';

/** Whether Sealtrail takes and keeps evidence now; for load balancers, so open to anyone, and it tells nothing else. 503 when it is down. */
export const GET = handler(
  {
    summary: 'Whether Sealtrail takes and keeps evidence now.',
    access: 'public',
    answers: {
      200: {
        is: 'Evidence is accepted: `ok`, or `degraded` with its cause.',
        types: ['application/json'],
        schema: Health,
      },
      503: { is: 'Evidence cannot be accepted.', types: ['application/json'], schema: Health },
    },
  },
  async ({ ctx }) => {
    const health = Health.parse(await getInstallationHealth(ctx, await openedContexts(ctx)));
    return Response.json(health, {
      status: health.status === 'down' ? 503 : 200,
      headers: { 'Cache-Control': 'no-store' },
    });
  },
);
