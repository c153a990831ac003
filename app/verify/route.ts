import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { policyIn, servedVerifierHtml, verifierHtml } from '@/lib/config/verifier-html';

/** The verifier, for anybody: a page that fetches nothing but the code that checks. With `?download` as one file to keep, which has that in itself. */
export const GET = handler(
  {
    summary: 'The offline verifier; with `?download` as one HTML file to keep, which fetches nothing.',
    access: 'public',
    query: z.object({ download: z.string().optional() }),
    answers: { 200: { is: 'The page.', types: ['text/html'] } },
  },
  async ({ query }) => {
    const isFile = query.download !== undefined;
    const html = await (isFile ? verifierHtml() : servedVerifierHtml());
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
