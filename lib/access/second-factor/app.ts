import 'server-only';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { sealText } from '../../crypto/seal';
import { lockUntilCommit } from '../../db/lock';
import type { Actor } from '../actor';
import { sha256 } from '../../crypto/sha256';
import { requireOwnPassword } from '../require-own-password';
import { replaceRecoveryCodes } from './recovery-codes';
import { sealedFor } from './sealed-for';
import { afterRemoval } from './standing';
import { newSecret, totpUri } from './totp';
import { withCode } from './with-code';

type Mine = { actor: Actor };

/** Begins to set up an authenticator app: nothing changes until a code of it is given. @throws AppError FORBIDDEN, BUSY, CONFLICT for one who has one. */
export async function beginApp(
  ctx: Context,
  { actor, password }: Mine & { password: string },
): Promise<{ uri: string; secret: string }> {
  await requireOwnPassword(ctx, { personId: actor.id, email: actor.name, password });
  const secret = newSecret();
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'second-factor', actor.id);
    const known = await tx
      .selectFrom('totp_secrets')
      .select('confirmed_at')
      .where('person_id', '=', actor.id)
      .executeTakeFirst();
    if (known?.confirmed_at) throw new AppError('CONFLICT', 'you have an authenticator app: remove it first');
    const row = { secret_sealed: sealText(sealedFor(ctx, actor.id), secret), created_at: ctx.now(), last_step: 0 };
    await tx
      .insertInto('totp_secrets')
      .values({ person_id: actor.id, confirmed_at: null, ...row })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
      .execute();
  });
  const uri = totpUri(secret, { issuer: `Sealtrail ${new URL(ctx.env.publicUrl).host}`, email: actor.name });
  return { uri, secret: new URL(uri).searchParams.get('secret') ?? '' };
}

/**
 * Ends setting it up by a code of it: from here on a password alone does not do. Every other session of the person ends: it had no second factor. Gives
 * ten recovery codes, once. @throws AppError FORBIDDEN, BUSY; CONFLICT when nothing is being set up.
 */
export async function confirmApp(
  ctx: Context,
  { actor, code, sessionId }: Mine & { code: string; sessionId: string | null },
): Promise<{ recoveryCodes: string[] }> {
  const waiting = await ctx.db
    .selectFrom('totp_secrets')
    .select('person_id')
    .where('person_id', '=', actor.id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst();
  if (!waiting) throw new AppError('CONFLICT', 'no authenticator app is being set up: begin again');
  return withCode(ctx, { personId: actor.id, code, from: 'new-app' }, async (tx) => {
    const confirmedAt = ctx.now();
    const confirmed = await tx
      .updateTable('totp_secrets')
      .set({ confirmed_at: confirmedAt })
      .where('person_id', '=', actor.id)
      .where('confirmed_at', 'is', null)
      .returning('secret_sealed')
      .executeTakeFirst();
    if (!confirmed) throw new AppError('CONFLICT', 'it was set up in another window just now');
    await tx
      .deleteFrom('session')
      .where('userId', '=', actor.id)
      .$if(sessionId !== null, (query) => query.where('id', '!=', sessionId ?? ''))
      .execute();
    const { codes, sha256: codesSha256 } = await replaceRecoveryCodes(tx, actor.id, ctx.now());
    await audit.append(tx, actor, {
      action: 'person.add-second-factor',
      subjectId: actor.id,
      details: {
        kind: 'app',
        sealedSha256: sha256(confirmed.secret_sealed),
        confirmedAt: confirmedAt.toISOString(),
        codesSha256,
      },
    });
    return { recoveryCodes: codes };
  });
}

/** Takes the app away; with the last second factor the recovery codes go. @throws AppError FORBIDDEN, BUSY; CONFLICT where everybody has to have a second factor and this is the last. */
export async function removeApp(
  ctx: Context,
  { actor, password, code }: Mine & { password: string; code: string },
): Promise<void> {
  await requireOwnPassword(ctx, { personId: actor.id, email: actor.name, password });
  await withCode(ctx, { personId: actor.id, code, from: 'any' }, async (tx) => {
    await tx.deleteFrom('totp_secrets').where('person_id', '=', actor.id).execute();
    await afterRemoval(tx, actor.id);
    await audit.append(tx, actor, {
      action: 'person.remove-second-factor',
      subjectId: actor.id,
      details: { kind: 'app' },
    });
  });
}

/** Ten new recovery codes in place of those there were. @throws AppError FORBIDDEN, BUSY. */
export async function renewRecoveryCodes(
  ctx: Context,
  { actor, password, code }: Mine & { password: string; code: string },
): Promise<{ recoveryCodes: string[] }> {
  await requireOwnPassword(ctx, { personId: actor.id, email: actor.name, password });
  return withCode(ctx, { personId: actor.id, code, from: 'any' }, async (tx) => {
    const { codes, sha256: codesSha256 } = await replaceRecoveryCodes(tx, actor.id, ctx.now());
    await audit.append(tx, actor, {
      action: 'person.new-recovery-codes',
      subjectId: actor.id,
      details: { codesSha256 },
    });
    return { recoveryCodes: codes };
  });
}
