import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { authOf } from './auth';
import { PASSWORD } from './oidc/accounts';
import { passwordsOf, recordSignIn, signInWait } from './sign-in-limit';

/**
 * Holds somebody who is signed in to their password, for what a browser left open must not do. Wrong ones count as those of sign-in do.
 * @throws AppError FORBIDDEN; BUSY; CONFLICT for one the identity provider signs in.
 */
export async function requireOwnPassword(
  ctx: Context,
  { personId, email, password }: { personId: string; email: string; password: string },
): Promise<void> {
  const account = await ctx.db
    .selectFrom('account')
    .select('password')
    .where('userId', '=', personId)
    .where('providerId', '=', PASSWORD)
    .executeTakeFirst();
  if (!account?.password)
    throw new AppError('CONFLICT', 'you sign in through the identity provider, which asks for a second factor itself');
  const [counted, now] = [passwordsOf(email), ctx.now()];
  const waitSeconds = await signInWait(ctx.db, counted, now);
  if (waitSeconds !== null)
    throw new AppError(
      'BUSY',
      `too many passwords of this account were wrong: it can be tried again in ${Math.ceil(waitSeconds / 60)} min`,
      { waitSeconds },
    );
  const auth = await authOf(ctx).$context;
  const isRight = await auth.password.verify({ hash: account.password, password });
  await ctx.db.transaction().execute((tx) => recordSignIn(tx, counted, isRight, now));
  if (!isRight) throw new AppError('FORBIDDEN', 'this is not your password', { field: 'password' });
}
