import 'server-only';
import type { Context } from '../context';
import { listAttestations } from './attestations';

/** Newest attestations looked through: one of the whole chain that stands is among them, or the chain has moved on since. */
const LOOKED_AT = 20;

/** The attestation of the whole chain as it stands, neither withdrawn nor replaced; null when there is none. */
export async function standingOfChain(ctx: Context, chainId: string): Promise<{ id: string; signedAt: string } | null> {
  const [{ items }, chain] = await Promise.all([
    listAttestations(ctx, { chainId, limit: LOOKED_AT }),
    ctx.db.selectFrom('chains').where('id', '=', chainId).select('records').executeTakeFirst(),
  ]);
  const standing = items.find(
    ({ scope, withdrawn, supersededBy, records }) =>
      scope.kind === 'chain' && withdrawn === null && supersededBy === null && records === chain?.records,
  );
  return standing ? { id: standing.id, signedAt: standing.signedAt } : null;
}
