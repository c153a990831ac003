import 'server-only';
import type { Context } from '../../context';
import type { Db, Tx } from '../../db/database';
import { AppError } from '../../core/errors';

/** What better-auth calls the way in by a password. Everybody has one way in: a password, or the identity provider. */
export const PASSWORD = 'credential';

/** The provider's part of better-auth's accounts: none where no provider is stated. An issuer is a URL, and no other way to sign in has one as its name. */
export function providerIdOf({ oidc }: Context['env']): string {
  return oidc?.issuer ?? '';
}

/** Whether the provider signs a person in, and says what their role is. */
export async function isFromProvider({ env }: Pick<Context, 'env'>, db: Db | Tx, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .select('id')
    .where('userId', '=', personId)
    .where('providerId', '=', providerIdOf(env))
    .executeTakeFirst();
  return row !== undefined;
}

/** For what is of use only to those who sign in by a password. @throws AppError CONFLICT. */
export function requirePasswordSignIn({ oidc }: Context['env']): void {
  if (oidc?.isOnly)
    throw new AppError('CONFLICT', `everybody signs in through ${oidc.label} here: give people a group there instead`);
}
