import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { verifierCode } from '@/lib/config/verifier-html';
import { Sha256 } from '@/lib/schemas/common';

/** What the verifier page fetches to check with, for anybody. The page names it by SHA-256 and lets in no other. */
export const GET = handler(
  {
    summary: 'The code that the verifier page checks with, which that page fetches when it is first used.',
    access: 'public',
    query: z.object({
      /** Of the code that is wanted: 404 when the server has another. */
      sha256: Sha256.optional(),
    }),
    errors: ['NOT_FOUND'],
    answers: { 200: { is: 'The code.', types: ['text/javascript'] } },
  },
  async ({ query }) =>
    new Response(new Uint8Array(await verifierCode(query.sha256)), {
      headers: {
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': query.sha256 === undefined ? 'no-cache' : 'public, max-age=31536000, immutable',
      },
    }),
);
