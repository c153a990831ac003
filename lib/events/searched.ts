import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { parseSearch } from '../core/search/parse';
import { fitsPattern } from '../core/search/matches';
import { type Search, SearchError } from '../core/search/search';
import { requireChain } from '../db/chains';
import { damagedSubjects, everyDamage } from '../db/evidence-damage';
import type { Searched } from '../lake/query/search';
import type { Period } from '../schemas/common';

/** A search as it is asked for: its text, the period, a chain or both, and the signal that it is not wanted any more. */
export type RequestedSearch = {
  q: string;
  from?: string | undefined;
  to?: string | undefined;
  chain?: string | undefined;
  /** What the ids of its queries begin with, `runOf`. */
  run?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** Chains looked through for a name; a search that names none does without. */
const MOST_CHAINS = 20_000;

/**
 * @throws AppError BAD_REQUEST for a text that is no search, with `from` and `to` of what is wrong in it, and for a search without bounds;
 * NOT_FOUND.
 */
export async function readSearched({ db }: Context, { q, signal, run, ...bounds }: RequestedSearch): Promise<Searched> {
  const search = parsed(q);
  const [damaged, chains] = await Promise.all([
    everyDamage(db),
    namesChain(search) ? db.selectFrom('chains').select(['id', 'name']).limit(MOST_CHAINS).execute() : [],
  ]);
  if (bounds.chain !== undefined) await requireChain(db, bounds.chain);
  return {
    ...boundsOf(bounds),
    search,
    damaged: damagedSubjects(damaged),
    signal,
    run,
    chains: (pattern, cased) =>
      chains.filter(({ id, name }) => [id, name].some((text) => fitsPattern(text, pattern, cased))).map(({ id }) => id),
  };
}

function boundsOf({
  from,
  to,
  chain = null,
}: {
  from?: string | undefined;
  to?: string | undefined;
  chain?: string | null | undefined;
}): { period: Period; chainId: string | null } | { period: null; chainId: string } {
  if (from !== undefined && to !== undefined) return { period: { from, to }, chainId: chain };
  if (chain !== null) return { period: null, chainId: chain };
  throw new AppError('BAD_REQUEST', 'from and to are needed, or a chain');
}

function parsed(q: string): Search {
  try {
    return parseSearch(q).search;
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    throw new AppError('BAD_REQUEST', error.message, { field: 'q', from: error.span.from, to: error.span.to });
  }
}

function namesChain(search: Search): boolean {
  if (search.kind === 'and' || search.kind === 'or') return search.of.some(namesChain);
  return search.kind === 'not' ? namesChain(search.of) : search.kind === 'chain';
}
