import { handler } from '@/app/_server/handler';
import { renderMetrics } from '@/lib/ops/metrics';

/** Prometheus scrapes this with a token that may read. */
export const GET = handler({ access: 'read' }, async ({ ctx }) => {
  const { contentType, text } = await renderMetrics(ctx);
  return new Response(text, { headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' } });
});
