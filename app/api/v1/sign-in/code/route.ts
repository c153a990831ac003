import { handler } from '@/app/_server/handler';
import { signInWithCode } from '@/lib/access/second-factor/sign-in';
import { AppCode } from '@/lib/schemas/second-factor';

/** The cookie that the password left is the credential, with the code. */
export const POST = handler(
  {
    summary: 'Ends a sign-in that a password began, by a code of the authenticator app or a recovery code.',
    access: 'public',
    isOfInstallation: true,
    errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'BUSY'],
    body: AppCode,
    answers: { 204: { is: 'Signed in.', headers: { 'Set-Cookie': 'The session.' } } },
  },
  async ({ ctx, body, request }) => {
    const headers = new Headers({ 'Cache-Control': 'no-store' });
    for (const line of await signInWithCode(ctx, { headers: request.headers, ...body }))
      headers.append('Set-Cookie', line);
    return new Response(null, { status: 204, headers });
  },
);
