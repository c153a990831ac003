import { z } from 'zod';
import { handler } from '@/app/_server/handler';
import { getKey } from '@/lib/attest/keys';

const Params = z.object({
  file: z
    .string()
    .regex(/^[0-9a-f]{64}\.pem$/, 'must be <key hint>.pem')
    .transform((file) => file.slice(0, -'.pem'.length)),
});

/** A public key, for anyone: a bundle can be checked without an account here. */
export const GET = handler({ access: 'public', params: Params }, async ({ ctx, params }) => {
  const { publicKeyPem } = await getKey(ctx, { hint: params.file });
  return new Response(publicKeyPem, { headers: { 'Content-Type': 'application/x-pem-file', 'Content-Disposition': `attachment; filename="${params.file}.pem"` } });
});
