import type { Generated } from 'kysely';
import type { StoredVerdict } from '../core/chain/verdict';

/** A chain as it was counted last. */
export type ChainFiguresTable = { chain_id: string; verdict: StoredVerdict; records: number; attested: number };
/** The sums of those. */
export type VerdictFiguresTable = { verdict: StoredVerdict; chains: number; records: number; attested: number };
/** Chains that changed since they were counted, in the order in which they did. */
export type FigureChangesTable = { id: Generated<number>; chain_id: string };
