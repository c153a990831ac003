import * as z from 'zod';
import { begun } from '@/app/_server/begun';
import { handler } from '@/app/_server/handler';
import { openExcerpt } from '@/lib/attest/excerpt';

/** Exactly the records an attestation of part of a chain covers: the file its statement names by digest. */
export const GET = handler(
  {
    summary:
      'Exactly the bytes an attestation covers, whatever became of the chain: the excerpt of a part, or the closed chain as one file.',
    access: 'read',
    downloads: 'records',
    answers: { 200: { is: 'The records, a line each.', types: ['application/x-ndjson'] } },
    params: z.object({ attestationId: z.uuid() }),
  },
  async ({ ctx, params }) => {
    const { fileName, sizeBytes, stream } = await openExcerpt(ctx, params);
    return new Response(await begun(stream), {
      headers: {
        'Content-Type': 'application/x-ndjson',
        'Content-Length': String(sizeBytes),
        'Content-Disposition': `attachment; filename="${fileName}"`,
      },
    });
  },
);
