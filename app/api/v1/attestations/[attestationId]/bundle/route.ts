import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getBundle } from '@/lib/attest/attestations';

/** A Sigstore bundle, byte for byte as it was stored: ours, or the `n`th of those beside it. */
export const GET = handler(
  {
    summary: 'A Sigstore bundle, byte for byte as it was stored: the attestation’s own, or its `n`th companion.',
    access: 'read',
    downloads: 'bundle',
    answers: { 200: { is: 'The bundle.', types: ['application/vnd.dev.sigstore.bundle.v0.3+json'] } },
    params: z.object({ attestationId: z.uuid() }),
    query: z.object({ n: z.coerce.number().int().min(0).max(100).default(0) }),
  },
  async ({ ctx, params, query }) => {
    const { fileName, bytes } = await getBundle(ctx, { ...params, ...query });
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': 'application/vnd.dev.sigstore.bundle.v0.3+json',
        'Content-Disposition': `attachment; filename="${fileName}"`,
      },
    });
  },
);
