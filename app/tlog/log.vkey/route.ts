import { handler } from '@/app/_server/handler';
import { verifierKey } from '@/lib/attest/log/identity';
import { AppError } from '@/lib/core/errors';

/** What the log's checkpoints, and those of chains, are checked with, c2sp.org/signed-note. */
export const GET = handler(
  {
    summary: 'The key checkpoints of the log are checked with, c2sp.org/signed-note.',
    access: 'public',
    answers: { 200: { is: 'A verifier key.', types: ['text/plain'] } },
    errors: ['NOT_FOUND'],
  },
  async ({ ctx }) => {
    const key = await verifierKey(ctx);
    if (!key) throw new AppError('NOT_FOUND', 'nothing was signed here yet');
    return new Response(`${key}\n`, {
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-cache',
        'Access-Control-Allow-Origin': '*',
      },
    });
  },
);
