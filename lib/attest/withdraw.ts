import 'server-only';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { lockUntilCommit } from '../db/lock';
import type { Attestation } from '../schemas/attestations';
import { getAttestationRow } from './attestations';
import { appendToLog } from './log/append-entry';

/**
 * Takes an attestation back: it covers nothing any more, and our transparency log says so, with the reason. Its bundle stays as it is: what
 * was signed was signed. Withdrawing again changes nothing. @throws AppError NOT_FOUND.
 */
export async function withdrawAttestation(
  ctx: Context,
  { attestationId, reason, actor }: { attestationId: string; reason: string; actor: Actor },
): Promise<Attestation> {
  await getAttestationRow(ctx, { attestationId });
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'attestation', attestationId);
    const withdrawn = await tx
      .updateTable('attestations')
      .set({ withdrawn_at: ctx.now(), withdrawn_by: actor.name, withdrawn_reason: reason })
      .where('id', '=', attestationId)
      .where('withdrawn_at', 'is', null)
      .returning('bundle_digest')
      .executeTakeFirst();
    if (!withdrawn) return;
    await appendToLog(ctx, tx, { kind: 'revocation', attestationId, bundleSha256: withdrawn.bundle_digest, reason });
    await audit.append(tx, actor, {
      action: 'attestation.withdraw',
      subjectId: attestationId,
      details: { bundleSha256: withdrawn.bundle_digest },
    });
  });
  return getAttestationRow(ctx, { attestationId });
}
