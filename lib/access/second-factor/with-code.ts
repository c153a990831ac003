import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { unsealText } from '../../crypto/seal';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { codesOf, recordSignIn, signInWait } from '../sign-in-limit';
import { sealedFor } from './sealed-for';
import { useRecoveryCode } from './recovery-codes';
import { stepOf } from './totp';

/** What a code was. */
type CodeKind = 'code' | 'recovery-code';
/** What it may be of: the app or a recovery code, the app alone, or the app that is being set up. */
type From = 'any' | 'app' | 'new-app';
type Given = { personId: string; code: string; from: From };
type Outcome<T> = { done: T } | { waitSeconds: number } | { isWrong: true };

/**
 * Does something with a code of a person's app or one of their recovery codes, which is used up by it: both in one transaction. Codes that are wrong are counted, several at once one after the other. @throws AppError FORBIDDEN for one that is wrong, was used or is too old; BUSY after
 * five of them in 15 minutes.
 */
export async function withCode<T>(
  ctx: Context,
  { personId, code, from }: Given,
  act: (tx: Tx, kind: CodeKind) => Promise<T>,
): Promise<T> {
  const outcome = await ctx.db.transaction().execute(async (tx): Promise<Outcome<T>> => {
    await lockUntilCommit(tx, 'second-factor', personId);
    const [counted, now] = [codesOf(personId), ctx.now()];
    const waitSeconds = await signInWait(tx, counted, now);
    if (waitSeconds !== null) return { waitSeconds };
    const kind = await take(ctx, tx, { personId, code: code.replaceAll(/\s/g, ''), from });
    await recordSignIn(tx, counted, kind !== null, now);
    return kind === null ? { isWrong: true } : { done: await act(tx, kind) };
  });
  if ('done' in outcome) return outcome.done;
  if ('isWrong' in outcome)
    throw new AppError('FORBIDDEN', 'this code is wrong, was used before or is too old', { field: 'code' });
  throw new AppError(
    'BUSY',
    `too many codes of this account were wrong: it can be tried again in ${Math.ceil(outcome.waitSeconds / 60)} min`,
    { waitSeconds: outcome.waitSeconds },
  );
}

async function take(ctx: Context, tx: Tx, { personId, code, from }: Given): Promise<CodeKind | null> {
  if (!/^\d{6}$/.test(code))
    return from === 'any' && (await useRecoveryCode(tx, personId, code, ctx.now())) ? 'recovery-code' : null;
  const row = await tx
    .selectFrom('totp_secrets')
    .selectAll()
    .where('person_id', '=', personId)
    .where('confirmed_at', from === 'new-app' ? 'is' : 'is not', null)
    .executeTakeFirst();
  if (!row) return null;
  const secret = unsealText(sealedFor(ctx, personId), row.secret_sealed);
  if (secret === null) {
    ctx.log.error({ personId }, 'the secret of an authenticator app was sealed with another SEALTRAIL_SECRET');
    return null;
  }
  const step = await stepOf(secret, code, { now: ctx.now(), after: row.last_step });
  if (step === null) return null;
  await tx.updateTable('totp_secrets').set({ last_step: step }).where('person_id', '=', personId).execute();
  return 'code';
}
