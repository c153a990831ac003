import * as z from 'zod';
import { begun } from '@/app/_server/begun';
import { handler } from '@/app/_server/handler';
import { openSegment } from '@/lib/chains/segment-bytes';
import { Sha256 } from '@/lib/schemas/common';

/** The segment's bytes as stored: their SHA-256 is the name. */
export const GET = handler(
  {
    summary: 'A segment, byte for byte: its SHA-256 is its name.',
    access: 'read',
    downloads: 'segment',
    answers: { 200: { is: 'The segment.', types: ['application/octet-stream'] } },
    errors: ['EVIDENCE_ALTERED', 'EVIDENCE_DELETED', 'EVIDENCE_MISSING'],
    params: z.object({ digest: Sha256 }),
  },
  async ({ ctx, params }) => {
    const { sizeBytes, stream } = await openSegment(ctx, params);
    return new Response(await begun(stream), {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(sizeBytes),
        'Content-Disposition': `attachment; filename="${params.digest}.jsonl"`,
        'Cache-Control': 'private, immutable, max-age=31536000',
        ETag: `"${params.digest}"`,
      },
    });
  },
);
