import { handler } from '@/app/_server/handler';
import { signInWithPasskey } from '@/lib/access/passkeys/sign-in';
import { PasskeySignIn } from '@/lib/schemas/second-factor';

/** What the authenticator signed is the credential. */
export const POST = handler(
  {
    summary: 'Signs a person in by a passkey, which stands for password and second factor.',
    access: 'public',
    isOfInstallation: true,
    errors: ['FORBIDDEN', 'CONFLICT'],
    body: PasskeySignIn,
    answers: { 204: { is: 'Signed in.', headers: { 'Set-Cookie': 'The session.' } } },
  },
  async ({ ctx, body, request }) => {
    const headers = new Headers({ 'Cache-Control': 'no-store' });
    for (const line of await signInWithPasskey(ctx, { headers: request.headers, ...body }))
      headers.append('Set-Cookie', line);
    return new Response(null, { status: 204, headers });
  },
);
