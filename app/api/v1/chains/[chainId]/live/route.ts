import * as z from 'zod';
import { admitAgain } from '@/app/_server/auth';
import { handler } from '@/app/_server/handler';
import { AppError } from '@/lib/core/errors';
import { getChain } from '@/lib/chains/chains';
import { watchChain } from '@/lib/chains/watch-chains';
import { Chain } from '@/lib/schemas/chains';

/** A comment this often keeps proxies from taking the stream for dead; a reader whose access has ended gets nothing after it. */
const BEAT_MS = 15_000;

/** Server-sent events: `chain` with the chain's figures now, and again whenever they change. */
export const GET = handler(
  {
    summary: 'Server-sent events: `chain`, now and whenever the figures of the chain change.',
    access: 'read',
    answers: { 200: { is: 'Events named `chain`, each with the chain as JSON.', types: ['text/event-stream'] } },
    params: z.object({ chainId: z.uuid() }),
  },
  async ({ ctx, params, request }) => {
    await getChain(ctx, params);
    const encoder = new TextEncoder();
    const ending = new AbortController();
    let end = () => undefined as void;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (text: string) => {
          if (!ending.signal.aborted) controller.enqueue(encoder.encode(text));
        };
        // Who was let in once may have been signed out since, or the token revoked.
        const beat = setInterval(() => {
          send(': still here\n\n');
          admitAgain(ctx, request, 'read').catch((error: unknown) => {
            if (error instanceof AppError && error.code === 'UNAVAILABLE') return; // asked again at the next beat
            end();
            controller.close();
          });
        }, BEAT_MS);
        const stop = watchChain(ctx, params.chainId, (chain) =>
          send(`event: chain\ndata: ${JSON.stringify(Chain.parse(chain))}\n\n`),
        );
        end = () => {
          if (ending.signal.aborted) return;
          ending.abort();
          clearInterval(beat);
          stop();
        };
        send('retry: 2000\n\n');
        request.signal.addEventListener('abort', end);
      },
      cancel: () => end(),
    });
    return new Response(stream, {
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      },
    });
  },
);
