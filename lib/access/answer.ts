import 'server-only';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { personActor } from './actor';
import { authIn, authOf } from './auth';
import { answerOidc } from './oidc/answer';
import { personOf } from './people';

/** What changes something for a person who is signed in. */
const ACTIONS = {
  '/api/auth/sign-out': 'person.sign-out',
  '/api/auth/change-password': 'person.change-password',
} as const;
/** The rest of better-auth is reached through our own verbs or not at all. */
const PATHS = new Set(['/api/auth/sign-in/email', '/api/auth/get-session', ...Object.keys(ACTIONS)]);

/** Answers what browsers need of better-auth; null for a path that is not of that. What it changes is recorded in the same transaction, a sign-in right after it. */
export async function answerBrowser(ctx: Context, request: Request): Promise<Response | null> {
  const { pathname } = new URL(request.url);
  if (!PATHS.has(pathname)) return answerOidc(ctx, request);
  const action = Object.entries(ACTIONS).find(([path]) => path === pathname)?.[1];
  const person = action && (await personOf(ctx, request.headers));
  if (!action || !person) return authOf(ctx).handler(request);
  return ctx.db.transaction().execute(async (tx) => {
    const answer = await authIn(ctx, tx).handler(request);
    if (answer.ok) await audit.append(tx, personActor(person), { action, subjectId: person.id });
    return answer;
  });
}
