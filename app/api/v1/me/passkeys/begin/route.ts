import { handler } from '@/app/_server/handler';
import { beginPasskey } from '@/lib/access/passkeys/register';
import { NewApp, PasskeyOptions } from '@/lib/schemas/second-factor';

/** The browser keeps what it is asked, sealed, for five minutes. */
export const POST = handler(
  {
    summary: 'What a browser makes a passkey by: creation options of WebAuthn.',
    access: 'enrolment',
    isOfInstallation: true,
    errors: ['CONFLICT', 'BUSY'],
    body: NewApp,
    answers: { 200: { is: 'The options.', types: ['application/json'], schema: PasskeyOptions } },
  },
  async ({ ctx, actor, body }) => {
    const { options, cookie } = await beginPasskey(ctx, { actor, ...body });
    return Response.json(options, { headers: { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' } });
  },
);
