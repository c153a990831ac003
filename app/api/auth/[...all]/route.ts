import * as z from 'zod';
import { declare, declaredAt } from '@/app/_server/declaration';
import { handler } from '@/app/_server/handler';
import { answerBrowser } from '@/lib/access/answer';
import type { Context } from '@/lib/context';
import { Instant } from '@/lib/schemas/common';
import { MIN_PASSWORD_LENGTH } from '@/lib/schemas/password-length';
import { Person } from '@/lib/schemas/settings';

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
    answers: JSON_OF('The session and its person.', Session),
  },
  pass,
);
const post = handler({ summary: 'What changes a session.', access: 'public' }, pass);

export const GET = declare(get, declaredAt(get, '/api/auth/get-session'));
export const POST = declare(post, [
  {
    summary: 'Signs a person in: sets the session cookie.',
    access: 'public',
    path: '/api/auth/sign-in/email',
    body: SignIn,
    answers: JSON_OF('The person.', z.looseObject({ user: z.looseObject({ id: z.string() }) })),
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
