import { handler } from '@/app/_server/handler';
import { getTrustedRoot } from '@/lib/attest/trust-info';

/** The trusted root of certificates, timestamps and logs, for anybody; 404 when signatures are by keys alone. */
export const GET = handler({ access: 'public' }, async ({ ctx }) =>
  Response.json(await getTrustedRoot(ctx), {
    headers: { 'Content-Disposition': 'attachment; filename="trusted_root.json"' },
  }),
);
