import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import { OWN_CHAIN } from '../core/own-chain';

/** Whether a chain is one of guardrails, by the column that has its id: what lists, counts and figures of all chains are of. */
export function isOfFleet(column: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} <> ${OWN_CHAIN.id}::uuid`;
}

/**
 * Whether a finding is about what guardrails record, and not about what is done here, by the column that has its id: what lists, counts and figures of all
 * findings are of. Few are about the latter: they are looked up once for a statement.
 */
export function isFleetFinding(column: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} NOT IN (SELECT finding_id FROM finding_chains WHERE chain_id = ${OWN_CHAIN.id}::uuid)`;
}
