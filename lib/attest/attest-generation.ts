import 'server-only';
import type { Selectable } from 'kysely';
import { POLICY } from '../access/actor';
import type { Context } from '../context';
import { formatById } from '../core/formats';
import type { ChainsTable } from '../db/schema';
import { uncovered } from './policy/coverage';
import { causeToAttest } from './policy/due';
import { policyOf } from './policy/policy';
import { writeRequest } from './requests/ask';
import { requestRunAttestations } from './requests/request-runs';
import { tryNow } from './requests/try-now';

/**
 * Attests a chain as it stands when its policy asks for it, each state once. A state that has passed is not attested any more; generation 0
 * has no closed segment. What cannot be signed now waits.
 */
export async function attestGeneration(
  ctx: Context,
  { chainId, generation }: { chainId: string; generation: number },
): Promise<void> {
  const chain = await ctx.db
    .selectFrom('chains')
    .select(['id', 'format', 'generation', 'detected_generation', 'sealed_at'])
    .where('id', '=', chainId)
    .executeTakeFirst();
  if (generation === 0 || chain?.generation !== generation || chain.detected_generation !== generation) return;
  const cause = await causeOf(ctx, chain);
  if (!cause) return;
  // One that is there already is at work, waits for its time, or is taken up when the lease of a worker that is gone ends.
  const requestId = await writeRequest(ctx, {
    chainId,
    generation,
    scope: { kind: 'chain' },
    cause,
    actor: POLICY,
    dedupeKey: `generation:${chainId}:${generation}`,
  });
  const { predicates } = await policyOf(ctx, { chainId });
  const ofRuns = formatById(chain.format).runStatement;
  const runs =
    ofRuns && predicates.includes(ofRuns.companion) ? await requestRunAttestations(ctx, { chainId, generation }) : [];
  for (const id of [...(requestId ? [requestId] : []), ...runs]) await tryNow(ctx, id);
}

async function causeOf(ctx: Context, chain: Pick<Selectable<ChainsTable>, 'id' | 'generation' | 'sealed_at'>) {
  const [policy, bare, attested] = await Promise.all([
    policyOf(ctx, { chainId: chain.id }),
    uncovered(ctx, chain.id),
    ctx.db
      .selectFrom('attestations')
      .select('id')
      .where('chain_id', '=', chain.id)
      .where('generation', '=', chain.generation)
      .where('requested_by', 'in', [POLICY.name, 'policy: every verified state'])
      .limit(1)
      .executeTakeFirst(),
  ]);
  const standing = {
    isSealed: chain.sealed_at !== null,
    uncoveredRecords: bare.closed,
    oldestUncoveredAt: bare.oldest?.receivedAt ?? null,
    isChanged: attested === undefined,
  };
  return causeToAttest(policy, standing, ctx.now());
}
