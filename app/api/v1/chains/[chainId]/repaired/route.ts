import * as z from 'zod';
import { begun } from '@/app/_server/begun';
import { handler } from '@/app/_server/handler';
import { openRepairedCopy } from '@/lib/chains/repair';

/** The copy without its torn tail, with its digest as RFC 9530 has it. */
export const GET = handler(
  {
    summary: 'The copy of the chain without its torn tail.',
    access: 'read',
    downloads: 'chain',
    answers: {
      200: {
        is: 'The copy.',
        types: ['application/octet-stream'],
        headers: { 'Repr-Digest': 'SHA-256 of the copy, RFC 9530', Link: 'The plan it was made by' },
      },
    },
    errors: ['CONFLICT'],
    params: z.object({ chainId: z.uuid() }),
  },
  async ({ ctx, params }) => {
    const { plan, fileName, stream } = await openRepairedCopy(ctx, params);
    return new Response(await begun(stream), {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(plan.repaired.bytes),
        'Content-Disposition': `attachment; filename="${fileName}"`,
        'Repr-Digest': `sha-256=:${Buffer.from(plan.repaired.sha256, 'hex').toString('base64')}:`,
        Link: `</api/v1/chains/${plan.chainId}/repair>; rel="describedby"; type="application/json"`,
        'Cache-Control': 'no-store',
      },
    });
  },
);
