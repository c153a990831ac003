import { handler } from '@/app/_server/handler';
import { addPasskey } from '@/lib/access/passkeys/register';
import { personOf } from '@/lib/access/people';
import { AddedPasskey, NewPasskey } from '@/lib/schemas/second-factor';

/** 201; with the first second factor recovery codes, which are not shown again. */
export const POST = handler(
  {
    summary:
      'Registers a passkey that a browser made. Gives recovery codes with the first second factor of a person, this once.',
    access: 'enrolment',
    isOfInstallation: true,
    errors: ['CONFLICT'],
    body: NewPasskey,
    response: AddedPasskey,
    status: 201,
  },
  async ({ ctx, actor, body, request }) => {
    const sessionId = (await personOf(ctx, request.headers))?.sessionId ?? null;
    return addPasskey(ctx, { actor, ...body, headers: request.headers, sessionId });
  },
);
