import type { ExpressionBuilder } from 'kysely';
import type { ChainSegmentsTable, Database } from './schema';

/** Whether all of segment `s` lies under an attestation of its chain that is not withdrawn. */
export function isAttested(eb: ExpressionBuilder<Database & { s: ChainSegmentsTable }, 's'>) {
  return eb.exists(
    eb
      .selectFrom('attestation_segments as x')
      .innerJoin('attestations as a', 'a.id', 'x.attestation_id')
      .innerJoin('attestation_chains as l', 'l.attestation_id', 'x.attestation_id')
      .whereRef('x.digest', '=', 's.digest')
      .whereRef('l.chain_id', '=', 's.chain_id')
      .where('x.whole', '=', true)
      .where('a.withdrawn_at', 'is', null)
      .select('x.digest'),
  );
}
