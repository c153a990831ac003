import 'server-only';
import type { Context } from '../context';
import { ANSWERED_VERDICT } from '../db/evidence-damage';
import { type SessionChain, type SessionScope, recordsBefore } from '../lake/query/session';
import type { Session } from '../schemas/sessions';

/** The chains of a session with what is known of them beside its records: name, verdict, whether it still grows, what is attested. */
export async function describeChains(
  ctx: Context,
  scope: SessionScope,
  chains: readonly SessionChain[],
): Promise<Session['chains']> {
  const ids = chains.map(({ chainId }) => chainId);
  const [rows, attested] = await Promise.all([chainsById(ctx, ids), attestationsOf(ctx, chains)]);
  return Promise.all(
    chains.map(async (chain) => {
      const row = rows.get(chain.chainId);
      const by = attested.get(chain.chainId);
      const size = by?.tree_size ?? 0;
      return {
        ...chain,
        name: row?.name ?? chain.chainId,
        verdict: row?.answered_verdict ?? 'pending',
        isOpen: row?.opened_at != null && chain.last >= (row.closed_records ?? 0),
        attested: by
          ? {
              id: by.id,
              at: by.signed_at.toISOString(),
              records: size > chain.last ? chain.records : await recordsBefore(ctx, scope, chain.chainId, size),
            }
          : null,
      };
    }),
  );
}

async function chainsById(ctx: Context, ids: readonly string[]) {
  const rows = await ctx.db
    .selectFrom('chains')
    .leftJoin('tails', 'tails.chain_id', 'chains.id')
    .where('chains.id', 'in', ids)
    .select(['chains.id', 'chains.name', 'tails.opened_at', 'tails.closed_records'])
    .select(ANSWERED_VERDICT.as('answered_verdict'))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Of each chain the attestation that stands and covers most of it, where it reaches the session. */
async function attestationsOf(ctx: Context, chains: readonly SessionChain[]) {
  const first = new Map(chains.map((chain) => [chain.chainId, chain.first]));
  const rows = await ctx.db
    .selectFrom('attestations')
    .distinctOn('chain_id')
    .select(['id', 'chain_id', 'signed_at', 'tree_size'])
    .where('chain_id', 'in', [...first.keys()])
    .where('withdrawn_at', 'is', null)
    .where('tree_size', 'is not', null)
    .orderBy('chain_id')
    .orderBy('tree_size', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return new Map(
    rows.flatMap((row) => {
      const reaches = row.chain_id !== null && (row.tree_size ?? 0) > (first.get(row.chain_id) ?? 0);
      return reaches ? [[row.chain_id, row] as const] : [];
    }),
  );
}
