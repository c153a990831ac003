import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { beginPasskeySignIn } from '@/lib/access/passkeys/sign-in';
import { PasskeyOptions } from '@/lib/schemas/second-factor';

/** The browser keeps what it is asked, sealed, for five minutes. */
export const POST = handler(
  {
    summary: 'What a browser looks for a passkey by: request options of WebAuthn.',
    access: 'public',
    isOfInstallation: true,
    body: z.object({}),
    errors: ['CONFLICT'],
    answers: { 200: { is: 'The options.', types: ['application/json'], schema: PasskeyOptions } },
  },
  async ({ ctx }) => {
    const { options, cookie } = await beginPasskeySignIn(ctx);
    return Response.json(options, { headers: { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' } });
  },
);
