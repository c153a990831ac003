import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { removePasskey } from '@/lib/access/passkeys/remove';
import { PasskeyRemoval } from '@/lib/schemas/second-factor';

export const POST = handler(
  {
    summary: 'Forgets a passkey of the person who asks.',
    access: 'person',
    isOfInstallation: true,
    errors: ['CONFLICT', 'BUSY'],
    params: z.object({ passkeyId: z.uuid() }),
    body: PasskeyRemoval,
  },
  ({ ctx, actor, params, body }) => removePasskey(ctx, { ...params, ...body, actor }),
);
