import 'server-only';
import { chainNames } from '../chains/chain-names';
import type { Context } from '../context';
import { damagedAmong, tailSubject } from '../db/evidence-damage';

type Row = {
  chain_id: string | number | null;
  segment_digest: string | number | null;
  integrity: string | number | null;
};

/** Rows of records with the names of their chains, and those of which the evidence is damaged by now as that: an export may take long. */
export async function* recordRows<R extends Row>(
  ctx: Context,
  batches: AsyncIterable<R[]>,
): AsyncGenerator<R & { chain: string; integrity: string | number | null }> {
  const names = new Map<string, string>();
  for await (const batch of batches) {
    const rows = batch.map((row) => ({ row, chainId: String(row.chain_id) }));
    const unknown = rows.map(({ chainId }) => chainId).filter((id) => !names.has(id));
    for (const [id, name] of await chainNames(ctx, unknown)) names.set(id, name);
    const subjectOf = ({ segment_digest: digest, chain_id: id }: R) => String(digest) || tailSubject(String(id));
    const damaged = await damagedAmong(ctx.db, [...new Set(batch.map(subjectOf))]);
    for (const { row, chainId } of rows)
      yield {
        ...row,
        chain: names.get(chainId) ?? chainId,
        integrity: row.integrity === 'ok' && damaged.has(subjectOf(row)) ? 'damaged' : row.integrity,
      };
  }
}
