import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { liftHold } from '@/lib/retention/holds';
import { LegalHold } from '@/lib/schemas/retention';

export const DELETE = handler(
  {
    summary: 'Lifts a legal hold. It stays listed, with who lifted it and when.',
    access: 'administrator',
    params: z.object({ chainId: z.uuid(), holdId: z.uuid() }),
    response: LegalHold,
  },
  ({ ctx, actor, params }) => liftHold(ctx, { ...params, actor }),
);
