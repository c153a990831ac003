import { z } from 'zod';
import { handler } from '@/app/_server/handler';
import { getBundle } from '@/lib/attest/attestations';

/** The Sigstore bundle, byte for byte as it was stored. */
export const GET = handler({ access: 'read', params: z.object({ attestationId: z.uuid() }) }, async ({ ctx, params }) => {
  const { fileName, bytes } = await getBundle(ctx, params);
  return new Response(new Uint8Array(bytes), {
    headers: { 'Content-Type': 'application/vnd.dev.sigstore.bundle.v0.3+json', 'Content-Disposition': `attachment; filename="${fileName}"` },
  });
});
