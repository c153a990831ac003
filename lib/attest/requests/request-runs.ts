import 'server-only';
import { POLICY } from '../../access/actor';
import type { Context } from '../../context';
import { runsOf } from '../../lake/query/of-chain';
import { writeRequest } from './ask';

/** Runs asked for in one go; what is more comes with the next change of the chain. */
const MAX_RUNS = 500;

/** Asks for the tool's own attestation of every run that has records nobody attested as part of it yet. @returns the requests written. */
export async function requestRunAttestations(
  ctx: Context,
  { chainId, generation }: { chainId: string; generation: number },
): Promise<string[]> {
  const attested = await ctx.db
    .selectFrom('attestations')
    .select(({ fn, eb }) => [
      eb.ref('scope', '->>').key('run').$castTo<string>().as('run'),
      fn.max('last_record').as('last'),
    ])
    .where('chain_id', '=', chainId)
    .where('withdrawn_at', 'is', null)
    .where((eb) => eb(eb.ref('scope', '->>').key('kind'), '=', 'run'))
    .groupBy('run')
    .execute();
  const known = new Map(attested.map(({ run, last }) => [run, last]));
  const runs = (await runsOf(ctx, chainId)).filter(({ run, last }) => last > (known.get(run) ?? -1)).slice(0, MAX_RUNS);
  const written: string[] = [];
  for (const { run, last } of runs) {
    const id = await writeRequest(ctx, {
      chainId,
      generation: null,
      scope: { kind: 'run', run },
      cause: 'close',
      actor: POLICY,
      dedupeKey: `run:${chainId}:${generation}:${run}:${last}`,
    });
    if (id) written.push(id);
  }
  return written;
}
