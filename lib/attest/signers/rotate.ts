import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { formatKey } from '../log/tell-key';
import { loadKey, prepareNextKey, takeNextKey } from './key-file';
import { recordKey } from './key-record';
import { type PublicKey, publicHalf } from './local-key';

/**
 * Makes a new key the one this host signs with. The old one's private half is removed, its public half stays on record as retired. Cut short
 * anywhere, the host either still has the old key in use, or ends the rotation when it next signs. @throws AppError CONFLICT when the signer
 * keeps no key of its own.
 */
export async function rotateLocalKey(ctx: Context, actor: Actor): Promise<PublicKey> {
  const { secretsDir, signing } = ctx.env;
  if (signing.signer !== 'local')
    throw new AppError(
      'CONFLICT',
      `the signer is ${signing.signer === 'keyless' ? 'keyless and keeps no key' : 'a PKCS#11 token, whose keys are made there: name the new one in SEALTRAIL_SIGNER'}`,
    );
  const made = await alone(ctx, async (tx) => {
    await endIn(ctx, tx);
    const present = publicHalf(await loadKey(secretsDir, signing.keyKind));
    const next = publicHalf(await prepareNextKey(secretsDir, signing.keyKind));
    await recordKey({ db: tx }, present);
    await recordKey({ db: tx }, next);
    // The holder of both halves says so now: a row of the table alone is not trusted.
    for (const { keyHint: hint, publicKeyPem: pem } of [present, next]) await formatKey(ctx, tx, { hint, pem });
    // What it signed before stays before, even when the clock was set back meanwhile.
    const { last } = await tx
      .selectFrom('attestations')
      .select(({ fn }) => fn.max('signed_at').as('last'))
      .where('key_hint', '=', present.keyHint)
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('signing_keys')
      .set({ retired_at: new Date(Math.max(ctx.now().getTime(), last?.getTime() ?? 0)) })
      .where('hint', '=', present.keyHint)
      .execute();
    await audit.append(tx, actor, {
      action: 'signing-key.rotate',
      subjectId: next.keyHint,
      details: { retired: present.keyHint },
    });
    return next;
  });
  await endRotation(ctx);
  return made;
}

/** A key on record as retired is replaced by the one made for that; the second half of a rotation, once its record is committed. */
export function endRotation(ctx: Context): Promise<void> {
  return alone(ctx, (tx) => endIn(ctx, tx));
}

async function endIn({ env: { secretsDir, signing } }: Context, tx: Tx): Promise<void> {
  if (await recordKey({ db: tx }, publicHalf(await loadKey(secretsDir, signing.keyKind)))) return;
  await prepareNextKey(secretsDir, signing.keyKind);
  await takeNextKey(secretsDir);
}

/** Keys are those of a host, and so are their files: what another host does at the same time only waits. */
function alone<T>(ctx: Context, run: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'signing-key', 'local');
    return run(tx);
  });
}
