import 'server-only';
import type { Selectable } from 'kysely';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import type { AttestationPoliciesTable } from '../../db/attestation-tables';
import { requireChain } from '../../db/chains';
import type { AttestationPolicy, ChainAttestationPolicy } from '../../schemas/attestation-requests';

/** What holds until somebody says otherwise: every state of every chain is attested, and told to policy engines too. */
const FIRST: AttestationPolicy = {
  onClose: true,
  onSeal: true,
  everyRecords: null,
  everyMinutes: null,
  predicates: ['vsa', 'test-result'],
  alertAfterMinutes: null,
};

/** Stands for all chains without a policy of their own. */
const INSTALLATION = 'installation';

/** The policy in force for a chain: its own, or the installation's; without a chain the installation's. */
export async function policyOf(ctx: Context, { chainId }: { chainId: string | null }): Promise<ChainAttestationPolicy> {
  const rows = await ctx.db
    .selectFrom('attestation_policies')
    .selectAll()
    .where((eb) => eb.or([eb('chain_id', 'is', null), ...(chainId ? [eb('chain_id', '=', chainId)] : [])]))
    .execute();
  const own = chainId ? rows.find(({ chain_id: id }) => id === chainId) : undefined;
  const row = own ?? rows.find(({ chain_id: id }) => id === null);
  return row ? toPolicy(row, own !== undefined) : { ...FIRST, isOwn: false, changedBy: null, changedAt: null };
}

/** Gives a chain a policy of its own, or the installation one for all others. It counts from the next change of a chain on. @throws AppError NOT_FOUND. */
export async function setPolicy(
  ctx: Context,
  { chainId, policy, actor }: { chainId: string | null; policy: AttestationPolicy; actor: Actor },
): Promise<ChainAttestationPolicy> {
  if (chainId) await requireChain(ctx.db, chainId);
  const values = {
    on_close: policy.onClose,
    on_seal: policy.onSeal,
    every_records: policy.everyRecords,
    every_minutes: policy.everyMinutes,
    predicates: policy.predicates,
    alert_after_minutes: policy.alertAfterMinutes,
    changed_by: actor.name,
    changed_at: ctx.now(),
  };
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('attestation_policies')
      .values({ chain_id: chainId, ...values })
      .onConflict((conflict) => conflict.column('chain_id').doUpdateSet(values))
      .execute();
    await audit.append(tx, actor, { action: 'policy.set', subjectId: chainId ?? INSTALLATION, details: policy });
  });
  return policyOf(ctx, { chainId });
}

/** The installation's policy holds for the chain again. @throws AppError NOT_FOUND. */
export async function dropPolicy(
  ctx: Context,
  { chainId, actor }: { chainId: string; actor: Actor },
): Promise<ChainAttestationPolicy> {
  await requireChain(ctx.db, chainId);
  await ctx.db.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('attestation_policies')
      .where('chain_id', '=', chainId)
      .executeTakeFirst();
    if (numDeletedRows > 0n) await audit.append(tx, actor, { action: 'policy.reset', subjectId: chainId });
  });
  return policyOf(ctx, { chainId });
}

function toPolicy(row: Selectable<AttestationPoliciesTable>, isOwn: boolean): ChainAttestationPolicy {
  return {
    onClose: row.on_close,
    onSeal: row.on_seal,
    everyRecords: row.every_records,
    everyMinutes: row.every_minutes,
    predicates: row.predicates,
    alertAfterMinutes: row.alert_after_minutes,
    isOwn,
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
  };
}
