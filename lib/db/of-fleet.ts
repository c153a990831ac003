import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import { OWN_CHAIN } from '../core/own-chain';

/** Whether a chain is one of guardrails, by the column that has its id: what lists, counts and figures of all chains are of. */
export function isOfFleet(column: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} <> ${OWN_CHAIN.id}::uuid`;
}
