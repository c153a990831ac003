import 'server-only';
import * as z from 'zod';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { personActor } from './actor';
import { authIn, authOf } from './auth';
import { answerOidc } from './oidc/answer';
import { passwordDigest } from './password-digest';
import { personOf, requireEnrolled } from './people';
import { recordRefusedSignIn } from './refused-sign-ins';
import { SECOND_FACTOR_NEEDED } from './auth-hooks';
import { keepPending } from './second-factor/pending';

/** What changes something for a person who is signed in. */
const ACTIONS = {
  '/api/auth/sign-out': 'person.sign-out',
  '/api/auth/change-password': 'person.change-password',
} as const;
const SIGN_IN = '/api/auth/sign-in/email';
/** The rest of better-auth is reached through our own verbs or not at all. */
const PATHS = new Set([SIGN_IN, '/api/auth/get-session', ...Object.keys(ACTIONS)]);

/** Answers what browsers need of better-auth; null for a path that is not of that. What it changes is recorded in the same transaction, a sign-in right after it. */
export async function answerBrowser(ctx: Context, request: Request): Promise<Response | null> {
  const { pathname } = new URL(request.url);
  if (!PATHS.has(pathname)) return answerOidc(ctx, request);
  if (pathname === SIGN_IN) return signIn(ctx, request);
  const action = Object.entries(ACTIONS).find(([path]) => path === pathname)?.[1];
  const person = action && (await personOf(ctx, request.headers));
  if (!action || !person) return authOf(ctx).handler(request);
  requireEnrolled(person);
  return ctx.db.transaction().execute(async (tx) => {
    const answer = await authIn(ctx, tx).handler(request);
    const kept = action === 'person.sign-out' ? null : await passwordDigest(tx, person.id);
    if (answer.ok)
      await audit.append(tx, personActor({ id: person.id, email: person.email, role: person.role }), {
        action,
        subjectId: person.id,
        ...(kept && { details: { keptSha256: kept } }),
      });
    return answer;
  });
}

const Refused = z.object({ code: z.string() });
const Typed = z.object({ email: z.string() });

/** What statuses say of a sign-in that was refused. */
const WHY: Record<number, string> = { 401: 'wrong', 403: 'not-by-password', 429: 'locked-out' };

/** A sign-in by a password; of somebody for whom that is not enough the browser keeps that it was right. */
async function signIn(ctx: Context, request: Request): Promise<Response> {
  const typed = request.clone();
  const answer = await authOf(ctx).handler(request);
  const why = WHY[answer.status];
  if (why === undefined) return answer;
  const { data: refused } = Refused.safeParse(await answer.clone().json());
  const { data: given } = Typed.safeParse(await typed.json().catch(() => null)); // one that was refused unread may hold anything
  if (answer.status !== 403 || refused?.code !== SECOND_FACTOR_NEEDED || !given) {
    await recordRefusedSignIn(ctx, request.headers, { by: 'password', refusal: why, email: given?.email ?? null });
    return answer;
  }
  const { email } = given;
  return Response.json(
    { secondFactor: true },
    { headers: { 'Set-Cookie': await keepPending(ctx, email), 'Cache-Control': 'no-store' } },
  );
}
