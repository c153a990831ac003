import { handler } from '@/app/_server/handler';
import { rotateSigningKey } from '@/lib/attest/keys';
import { SigningKey } from '@/lib/schemas/settings';

/** Makes the key statements are signed with from here on; the one before is retired, its private half removed. */
export const POST = handler({ access: 'person', response: SigningKey, status: 201 }, ({ ctx, actor }) =>
  rotateSigningKey(ctx, { actor }),
);
