import { handler } from '@/app/_server/handler';
import { openedContexts } from '@/lib/compose';
import { renderMetrics } from '@/lib/ops/metrics';
import { workspaceSeries } from '@/lib/ops/workspaces-health';

/** Prometheus scrapes this with a token that may read. */
export const GET = handler(
  {
    summary: 'Metrics in the text format of Prometheus.',
    access: 'read',
    answers: { 200: { is: 'The metrics.', types: ['text/plain'] } },
  },
  async ({ ctx }) => {
    const { contentType, text } = await renderMetrics(ctx);
    const further = await workspaceSeries(await openedContexts(ctx));
    return new Response(`${text}${further.map((line) => `${line}\n`).join('')}`, {
      headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' },
    });
  },
);
