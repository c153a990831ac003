import * as z from 'zod';
import { refuseForeignOrigin } from '@/app/_server/auth';
import { declare, declaredAt } from '@/app/_server/declaration';
import { handler } from '@/app/_server/handler';
import { answerBrowser } from '@/lib/access/answer';
import type { Context } from '@/lib/context';
import { Instant } from '@/lib/schemas/common';
import { MIN_PASSWORD_LENGTH } from '@/lib/schemas/password-length';
import { Person } from '@/lib/schemas/settings';
import { OIDC_CALLBACK_PATH, OIDC_SIGN_IN_PATH } from '@/lib/schemas/sign-in-refusals';

const JSON_OF = (is: string, schema: z.ZodType) => ({ 200: { is, types: ['application/json'], schema } });
/** As better-auth answers: what more there is in it is its own. */
const Session = z
  .looseObject({ session: z.looseObject({ expiresAt: Instant }), user: z.looseObject(Person.shape) })
  .nullable();
const SignIn = z.object({ email: z.email(), password: z.string(), rememberMe: z.boolean().optional() });
const ChangePassword = z.object({
  currentPassword: z.string(),
  newPassword: z.string().min(MIN_PASSWORD_LENGTH),
  revokeOtherSessions: z.boolean().optional(),
});
const FAILURE = { types: ['application/json'], is: 'A `code` and a `message`, as better-auth answers.' };

const pass = async ({ ctx, request }: { ctx: Context; request: Request }) =>
  (await answerBrowser(ctx, request)) ?? new Response(null, { status: 404 });

const get = handler(
  {
    summary: 'The signed-in person; `null` when there is none.',
    access: 'public',
    isOfInstallation: true,
    answers: JSON_OF('The session and its person.', Session),
  },
  pass,
);
/** Nor is anybody signed in from a page of somebody else; what is no browser says nothing of where it comes from. */
const post = handler({ summary: 'What changes a session.', access: 'public', isOfInstallation: true }, (call) => {
  if (['cookie', 'origin', 'sec-fetch-site'].some((name) => call.request.headers.has(name)))
    refuseForeignOrigin(call.request);
  return pass(call);
});

const ToProvider = z.object({ to: z.string().optional() });
const FromProvider = z.object({
  code: z.string().optional(),
  state: z.string().optional(),
  iss: z.string().optional(),
  error: z.string().optional(),
});
const redirects = (is: string) => ({ 303: { is, headers: { Location: 'Where the browser goes.' } } });

export const GET = declare(get, [
  ...declaredAt(get, '/api/auth/get-session'),
  {
    summary: 'Begins to sign a browser in through the identity provider; 404 where none is stated.',
    access: 'public',
    path: OIDC_SIGN_IN_PATH,
    query: ToProvider,
    answers: redirects('To the provider, or to the sign-in page, which says why not.'),
  },
  {
    summary: 'Where the identity provider sends the browser back to: sets the session cookie.',
    access: 'public',
    path: OIDC_CALLBACK_PATH,
    query: FromProvider,
    answers: redirects('To the page that was asked for, or to the sign-in page, which says why not.'),
  },
]);
export const POST = declare(post, [
  {
    summary:
      'Signs a person in: sets the session cookie, or begins to where a second factor is asked for beside the password.',
    access: 'public',
    path: '/api/auth/sign-in/email',
    body: SignIn,
    answers: JSON_OF(
      'The person; or that the sign-in is ended by `POST /api/v1/sign-in/code` from the same browser within ten minutes.',
      z.union([
        z.looseObject({ user: z.looseObject({ id: z.string() }) }),
        z.object({ secondFactor: z.literal(true) }),
      ]),
    ),
    errors: ['UNAUTHENTICATED', 'BUSY'],
    failureAs: FAILURE,
  },
  {
    summary: 'Ends the session of the cookie.',
    access: 'public',
    path: '/api/auth/sign-out',
    answers: JSON_OF('It is ended.', z.looseObject({ success: z.boolean() })),
    failureAs: FAILURE,
  },
  {
    summary: 'Changes the password of the person signed in, and ends their other sessions.',
    access: 'person',
    path: '/api/auth/change-password',
    body: ChangePassword,
    answers: JSON_OF('The person.', z.looseObject({ user: z.looseObject({ id: z.string() }) })),
    failureAs: FAILURE,
  },
]);
