import { handler } from '@/app/_server/handler';
import { getTrustedRoot } from '@/lib/attest/trust-info';

/** The trusted root of certificates, timestamps and logs, for anybody; 404 when signatures are by keys alone. */
export const GET = handler(
  {
    summary: 'The trusted root of certificates, timestamps and logs; 404 when signatures are by keys alone.',
    access: 'public',
    answers: { 200: { is: 'The trusted root, as Sigstore specifies it.', types: ['application/json'] } },
    errors: ['NOT_FOUND'],
  },
  async ({ ctx }) =>
    Response.json(await getTrustedRoot(ctx), {
      headers: { 'Content-Disposition': 'attachment; filename="trusted_root.json"' },
    }),
);
