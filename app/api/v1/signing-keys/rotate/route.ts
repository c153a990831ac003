import { handler } from '@/app/_server/handler';
import { rotateSigningKey } from '@/lib/attest/keys';
import { SigningKey } from '@/lib/schemas/settings';

/** Makes the key statements are signed with from here on; the one before is retired, its private half removed. */
export const POST = handler(
  {
    summary: 'Makes a new local signing key; the one before is retired and its private half removed.',
    access: 'administrator',
    errors: ['CONFLICT'],
    response: SigningKey,
    status: 201,
  },
  ({ ctx, actor }) => rotateSigningKey(ctx, { actor }),
);
