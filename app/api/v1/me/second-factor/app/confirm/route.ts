import { handler } from '@/app/_server/handler';
import { confirmApp } from '@/lib/access/second-factor/app';
import { personOf } from '@/lib/access/people';
import { AppCode, RecoveryCodes } from '@/lib/schemas/second-factor';

export const POST = handler(
  {
    summary:
      'Ends setting up an authenticator app by a code of it, and every other session. Gives recovery codes, this once.',
    access: 'enrolment',
    isOfInstallation: true,
    errors: ['CONFLICT', 'BUSY'],
    body: AppCode,
    response: RecoveryCodes,
  },
  async ({ ctx, actor, body, request }) => {
    const sessionId = (await personOf(ctx, request.headers))?.sessionId ?? null;
    return confirmApp(ctx, { actor, ...body, sessionId });
  },
);
