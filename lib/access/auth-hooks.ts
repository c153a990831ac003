import 'server-only';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import * as audit from '../audit/append';
import { writeFoldsOf } from '../audit/fold';
import type { Env } from '../config/env';
import type { Db, Tx } from '../db/database';
import { personActor } from './actor';
import { roleOf } from './role-of';
import { passwordFault } from './password-rules';
import { hasSecondFactor } from './second-factor/standing';
import { passwordsOf, recordSignIn, signInWait } from './sign-in-limit';

const BY_PASSWORD = new Set(['/sign-in/email', '/change-password']);

/** Refuses sign-ins of an account that fail too often, passwords that are too easily guessed, and every one where only the identity provider lets people in. */
export function beforeCall(db: Db, { oidc }: Pick<Env, 'oidc'>) {
  return createAuthMiddleware(async (call) => {
    if (oidc?.isOnly && BY_PASSWORD.has(call.path))
      throw new APIError('FORBIDDEN', { message: `Everybody signs in through ${oidc.label} here.` });
    if (call.path === '/sign-in/email') {
      const waitSeconds = await signInWait(db, passwordsOf(emailIn(call.body)), new Date());
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

/** What a sign-in comes to of somebody for whom a password is not enough. */
export const SECOND_FACTOR_NEEDED = 'SECOND_FACTOR_NEEDED';
/** Where a session is made of somebody who is signed in already, and by our own code, after both factors: what better-auth calls an endpoint without a path. */
const NEED_NONE = new Set<string | undefined>(['/change-password', 'virtual:']);

/** No session is made by a password for somebody who has a second factor. */
export async function beforeSession(db: Db | Tx, { userId }: { userId: string }, path: string | undefined) {
  if (NEED_NONE.has(path) || !(await hasSecondFactor(db, userId))) return;
  throw new APIError('FORBIDDEN', { code: SECOND_FACTOR_NEEDED, message: 'A second factor is asked for.' });
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
      await recordSignIn(write, passwordsOf(emailIn(call.body)), !failed, new Date());
      if (newSession) await writeFoldsOf(write, newSession.user.id);
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
