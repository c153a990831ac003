import 'server-only';
import * as z from 'zod';
import type { Context } from '../../context';
import type { Person } from '../../schemas/settings';
import { keptCookie } from '../kept-cookie';
import { sha256 } from '../../crypto/sha256';
import { PASSWORD } from '../oidc/accounts';
import { roleOf } from '../role-of';

/** Somebody who gave their password in this browser, and not yet what is asked for beside it. */
const Pending = z.object({
  personId: z.string(),
  /** SHA-256 of the hash of that password: with another one they begin again. */
  password: z.string(),
});

export const pendingCookie = keptCookie({ purpose: 'second-factor', path: '/', goodMs: 10 * 60_000, schema: Pending });

/** What the browser keeps of somebody whose password was right. */
export async function keepPending(ctx: Context, email: string): Promise<string> {
  const found = await candidate(ctx).where('u.email', '=', email.toLowerCase()).executeTakeFirstOrThrow();
  return pendingCookie.keep(ctx, { personId: found.id, password: sha256(found.password ?? '') });
}

/** Who that is; null for nobody, and when they are disabled or their password is another since. */
export async function pendingPerson(ctx: Context, headers: Headers): Promise<Person | null> {
  const pending = await pendingCookie.read(ctx, headers);
  if (!pending || ctx.env.oidc?.isOnly) return null;
  const found = await candidate(ctx).where('u.id', '=', pending.personId).executeTakeFirst();
  if (!found || found.banned || sha256(found.password ?? '') !== pending.password) return null;
  return { id: found.id, name: found.name, email: found.email, role: roleOf(found.role) };
}

function candidate({ db }: Context) {
  return db
    .selectFrom('user as u')
    .innerJoin('account as a', (join) => join.onRef('a.userId', '=', 'u.id').on('a.providerId', '=', PASSWORD))
    .select(['u.id', 'u.name', 'u.email', 'u.role', 'u.banned', 'a.password']);
}
