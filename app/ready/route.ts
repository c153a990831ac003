import { handler } from '@/app/_server/handler';

/** What Loki's clients ask before they push. Tells no more than `/services/collector/health` does. */
export const GET = handler(
  {
    summary: 'Readiness, as clients of Loki ask for it.',
    access: 'public',
    answers: {
      200: { is: '`ready`', types: ['text/plain'] },
      503: { is: 'Nothing can be written.', types: ['text/plain'] },
    },
  },
  async ({ ctx }) => {
    const isReady = ctx.meter.writes.trouble() === null;
    return new Response(isReady ? 'ready\n' : 'not ready: nothing can be written\n', {
      status: isReady ? 200 : 503,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    });
  },
);
