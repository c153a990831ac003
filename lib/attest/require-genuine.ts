import 'server-only';
import type { Context } from '../context';
import { isAttested } from '../db/attested';
import { damageOfChain, recordIntact } from '../db/evidence-damage';
import { giveUp } from '../threads/give-up';
import type { RequestCause } from '../schemas/attestation-requests';
import type { Drafted } from './draft';

/**
 * Reads segments back before a statement names them: all of them when somebody asked; for a policy, which signs a growing chain again and
 * again, those that no attestation covers yet and those on record as damaged. What was read whole for the statement itself is not read twice. @throws AppError EVIDENCE_ALTERED, EVIDENCE_MISSING, EVIDENCE_UNAVAILABLE.
 */
export async function requireGenuine(
  ctx: Context,
  { segments, chains, proven }: Pick<Drafted, 'segments' | 'chains' | 'proven'>,
  cause: RequestCause,
): Promise<void> {
  const damaged = new Set<string>();
  const fresh = new Set<string>();
  const genuine = new Set(proven);
  for (const { chainId } of chains) {
    for (const { subject } of await damageOfChain(ctx.db, chainId)) damaged.add(subject);
    const rows = await ctx.db
      .selectFrom('chain_segments as s')
      .select('s.digest')
      .where('s.chain_id', '=', chainId)
      .where((eb) => eb.not(isAttested(eb)))
      .execute();
    for (const { digest } of rows) fresh.add(digest);
  }
  for (const { digest } of segments) {
    if (cause !== 'demand' && !fresh.has(digest) && !damaged.has(digest)) continue;
    // To its end, which is where it is proven.
    if (!genuine.has(digest)) for await (const chunk of await ctx.evidence.read(digest)) giveUp(chunk);
    if (damaged.has(digest)) await recordIntact(ctx.db, digest, ctx.now());
  }
}
