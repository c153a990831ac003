import { handler } from '@/app/_server/handler';
import { publishedCheckpoint } from '@/lib/attest/log/serve';
import { AppError } from '@/lib/core/errors';

/** The newest signed head of the transparency log, c2sp.org/tlog-tiles. */
export const GET = handler(
  {
    summary: 'The newest signed head of the transparency log, c2sp.org/tlog-tiles.',
    access: 'public',
    answers: { 200: { is: 'A signed note.', types: ['text/plain'] } },
    errors: ['NOT_FOUND'],
  },
  async ({ ctx }) => {
    const checkpoint = await publishedCheckpoint(ctx);
    if (!checkpoint) throw new AppError('NOT_FOUND', 'nothing was signed here yet');
    return new Response(checkpoint.note, {
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-cache',
        'Access-Control-Allow-Origin': '*',
      },
    });
  },
);
