import { handler } from '@/app/_server/handler';
import { renderMetrics } from '@/lib/ops/metrics';

/** Prometheus scrapes this with a token that may read. */
export const GET = handler(
  {
    summary: 'Metrics in the text format of Prometheus.',
    access: 'read',
    answers: { 200: { is: 'The metrics.', types: ['text/plain'] } },
  },
  async ({ ctx }) => {
    const { contentType, text } = await renderMetrics(ctx);
    return new Response(text, { headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' } });
  },
);
