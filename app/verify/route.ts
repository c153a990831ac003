import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { policyIn, verifierHtml } from '@/lib/config/verifier-html';

/** The verifier, for anybody: one page that fetches nothing. With `?download` as a file to keep. */
export const GET = handler(
  {
    summary: 'The offline verifier as one HTML page; with `?download` as a file to keep.',
    access: 'public',
    query: z.object({ download: z.string().optional() }),
    answers: { 200: { is: 'The page.', types: ['text/html'] } },
  },
  async ({ query }) => {
    const html = await verifierHtml();
    const isFile = query.download !== undefined;
    return new Response(new Uint8Array(html), {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policyIn(html),
        'Cache-Control': 'no-cache',
        ...(isFile ? { 'Content-Disposition': 'attachment; filename="sealtrail-verify.html"' } : {}),
      },
    });
  },
);
