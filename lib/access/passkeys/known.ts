import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Db, Tx } from '../../db/database';
import type { Passkey } from '../../schemas/second-factor';
import type { Person } from '../../schemas/settings';
import { PASSWORD } from '../oidc/accounts';
import { roleOf } from '../role-of';

/** A passkey by what its authenticator calls it. */
export function keyOf(db: Db | Tx, credentialId: string) {
  return db.selectFrom('passkeys').selectAll().where('credential_id', '=', credentialId);
}

/** Whose it is. @throws AppError FORBIDDEN for somebody who does not sign in here. */
export async function holderOf(tx: Tx, personId: string): Promise<{ person: Person; isDisabled: boolean }> {
  const row = await tx
    .selectFrom('user as u')
    .innerJoin('account as a', (join) => join.onRef('a.userId', '=', 'u.id').on('a.providerId', '=', PASSWORD))
    .select(['u.id', 'u.name', 'u.email', 'u.role', 'u.banned'])
    .where('u.id', '=', personId)
    .executeTakeFirst();
  if (!row) throw new AppError('FORBIDDEN', 'this passkey lets nobody in here');
  const { banned, role, ...rest } = row;
  return { person: { ...rest, role: roleOf(role) }, isDisabled: banned === true };
}

/** Passkeys of a person, in the order they were made. */
export async function listPasskeys({ db }: Context, personId: string): Promise<Passkey[]> {
  const rows = await db
    .selectFrom('passkeys')
    .select(['id', 'name', 'created_at', 'last_used_at', 'is_backed_up', 'refused_at'])
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    isSynced: row.is_backed_up,
    refusedAt: row.refused_at?.toISOString() ?? null,
  }));
}
