import 'server-only';
import type { Context } from '../context';
import { isAttested } from '../db/attested';
import type { Reported } from '../lake/query/happened';

/** Chains looked up at once. */
const CHAINS_AT_ONCE = 1_000;

/** Of each chain, by id, of which these are parts of segments: the records, and those of them under a signed attestation. */
export async function chainsOfParts(
  ctx: Context,
  parts: Reported['segments'],
): Promise<Map<string, { records: number; attested: number }>> {
  const attested = await attestedSegments(ctx, [...new Set(parts.map(({ chain }) => chain))]);
  const chains = new Map<string, { records: number; attested: number }>();
  for (const { chain, digest, records } of parts) {
    const of = chains.get(chain) ?? { records: 0, attested: 0 };
    of.records += records;
    if (attested.has(`${chain} ${digest}`)) of.attested += records;
    chains.set(chain, of);
  }
  return chains;
}

async function attestedSegments(ctx: Context, chainIds: readonly string[]): Promise<Set<string>> {
  const segments = new Set<string>();
  for (let at = 0; at < chainIds.length; at += CHAINS_AT_ONCE) {
    const rows = await ctx.db
      .selectFrom('chain_segments as s')
      .where('s.chain_id', 'in', chainIds.slice(at, at + CHAINS_AT_ONCE))
      .where((where) => isAttested(where))
      .select(['s.chain_id', 's.digest'])
      .execute();
    for (const { chain_id: chain, digest } of rows) segments.add(`${chain} ${digest}`);
  }
  return segments;
}
