import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { readTombstone } from '@/lib/retention/tombstone';

const TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export const GET = handler(
  {
    summary: 'The Sigstore bundle that says what was deleted of the chain, byte for byte as it was signed.',
    access: 'read',
    downloads: 'tombstone',
    answers: { 200: { is: 'The bundle.', types: [TYPE] } },
    params: z.object({ chainId: z.uuid() }),
  },
  async ({ ctx, params }) =>
    new Response(new Uint8Array(await readTombstone(ctx, params)), {
      headers: {
        'Content-Type': TYPE,
        'Content-Disposition': `attachment; filename="tombstone-${params.chainId}.sigstore.json"`,
      },
    }),
);
