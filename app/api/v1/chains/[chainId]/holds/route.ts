import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listHolds, placeHold } from '@/lib/retention/holds';
import { LegalHold, LegalHolds, NewLegalHold } from '@/lib/schemas/retention';

const params = z.object({ chainId: z.uuid() });

export const GET = handler(
  {
    summary: 'Legal holds of the chain, newest first, those that were lifted too.',
    access: 'read',
    params,
    response: LegalHolds,
  },
  ({ ctx, params }) => listHolds(ctx, params),
);

export const POST = handler(
  {
    summary: 'Places a legal hold: the chain is not deleted until it is lifted, whatever its retention is.',
    access: 'administrator',
    errors: ['EVIDENCE_DELETED', 'TOO_LARGE'],
    params,
    body: NewLegalHold,
    response: LegalHold,
    status: 201,
  },
  ({ ctx, actor, params, body }) => placeHold(ctx, { ...params, ...body, actor }),
);
