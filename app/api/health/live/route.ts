import * as z from 'zod';
import { declare } from '@/app/_server/declaration';

const alive = (): Response => Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } });

/** Liveness: this process answers. It asks nothing of any other part, so that their trouble never restarts it. */
export const GET = declare(alive, [
  {
    summary: 'Liveness: this process answers.',
    access: 'public',
    answers: {
      200: { is: 'It answers.', types: ['application/json'], schema: z.object({ status: z.literal('ok') }) },
    },
  },
]);
