import { handler } from '@/app/_server/handler';
import { listKeys } from '@/lib/attest/keys';
import { SigningKeyPage } from '@/lib/schemas/settings';

/** Every public key statements were ever signed with here, the newest first, retired ones too; for anyone. */
export const GET = handler(
  {
    summary: 'Every public key statements were signed with, newest first; `retiredAt` is null for those in use.',
    access: 'public',
    response: SigningKeyPage,
  },
  async ({ ctx }) => ({
    items: await listKeys(ctx),
    nextCursor: null,
  }),
);
