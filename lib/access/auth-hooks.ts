import 'server-only';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import * as audit from '../audit/append';
import type { Env } from '../config/env';
import type { Db } from '../db/database';
import { personActor } from './actor';
import { roleOf } from './role-of';
import { passwordFault } from './password-rules';
import { recordSignIn, signInWait } from './sign-in-limit';

const BY_PASSWORD = new Set(['/sign-in/email', '/change-password']);

/** Refuses sign-ins of an account that fail too often, passwords that are too easily guessed, and every one where only the identity provider lets people in. */
export function beforeCall(db: Db, { oidc }: Pick<Env, 'oidc'>) {
  return createAuthMiddleware(async (call) => {
    if (oidc?.isOnly && BY_PASSWORD.has(call.path))
      throw new APIError('FORBIDDEN', { message: `Everybody signs in through ${oidc.label} here.` });
    if (call.path === '/sign-in/email') {
      const waitSeconds = await signInWait(db, emailIn(call.body), new Date());
      if (waitSeconds !== null)
        throw new APIError(
          'TOO_MANY_REQUESTS',
          {
            message: `Too many sign-ins of this account failed. It can be tried again in ${Math.ceil(waitSeconds / 60)} min.`,
          },
          { 'Retry-After': String(waitSeconds) },
        );
    }
    if (call.path !== '/change-password') return;
    const session = await getSessionFromCtx(call);
    const fault = session && passwordFault(String(call.body?.newPassword ?? ''), session.user);
    if (fault) throw new APIError('BAD_REQUEST', { message: `${fault.charAt(0).toUpperCase()}${fault.slice(1)}.` });
    // Whoever knows the old one may be signed in somewhere.
    return { context: { ...call, body: { ...call.body, revokeOtherSessions: true } } };
  });
}

/** Keeps count of sign-ins, and writes those that succeed to the audit log. */
export function afterCall(db: Db) {
  return createAuthMiddleware(async (call) => {
    if (call.path !== '/sign-in/email') return;
    const { returned, newSession } = call.context;
    const failed = returned instanceof APIError;
    if (failed && returned.status !== 'UNAUTHORIZED') return;
    // After the session: hashing a password must not hold a transaction open. Nobody has the session before this is written.
    await db.transaction().execute(async (write) => {
      await recordSignIn(write, emailIn(call.body), !failed, new Date());
      if (newSession)
        await audit.append(write, personActor({ ...newSession.user, role: roleOf(newSession.user['role']) }), {
          action: 'person.sign-in',
          subjectId: newSession.user.id,
        });
    });
  });
}

function emailIn(body: unknown): string {
  return typeof body === 'object' && body !== null && 'email' in body ? String(body.email) : '';
}
