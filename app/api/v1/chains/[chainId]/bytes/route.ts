import * as z from 'zod';
import { begun } from '@/app/_server/begun';
import { handler } from '@/app/_server/handler';
import { openChainBytes } from '@/lib/chains/chain-bytes';

/** The chain as it stands, byte for byte, what is still open included. */
export const GET = handler(
  {
    summary: 'The whole chain, byte for byte, what is still open included.',
    access: 'read',
    downloads: 'chain',
    answers: { 200: { is: 'The log.', types: ['application/x-ndjson'] } },
    errors: ['EVIDENCE_ALTERED', 'EVIDENCE_DELETED', 'EVIDENCE_MISSING'],
    params: z.object({ chainId: z.uuid() }),
  },
  async ({ ctx, params }) => {
    const { name, sizeBytes, stream } = await openChainBytes(ctx, params);
    const fileName = `${name.replaceAll(/[^\w.-]+/g, '_')}.jsonl`;
    return new Response(await begun(stream), {
      headers: {
        'Content-Type': 'application/x-ndjson',
        'Content-Length': String(sizeBytes),
        'Content-Disposition': `attachment; filename="${fileName}"`,
        'Cache-Control': 'no-store',
      },
    });
  },
);
