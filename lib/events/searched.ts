import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { parseSearch } from '../core/search/parse';
import { fitsPattern } from '../core/search/matches';
import { type Search, SearchError } from '../core/search/search';
import { damagedSubjects, everyDamage } from '../db/evidence-damage';
import type { Searched } from '../lake/query/search';
import type { Period } from '../schemas/common';

/** A search as it is asked for: its text, the period, and the signal that it is not wanted any more. */
export type RequestedSearch = { q: string; from: string; to: string; signal?: AbortSignal | undefined };

/** Chains looked through for a name; a search that names none does without. */
const MOST_CHAINS = 20_000;

/** @throws AppError BAD_REQUEST for a text that is no search, with `from` and `to` of what is wrong in it. */
export async function readSearched({ db }: Context, { q, from, to, signal }: RequestedSearch): Promise<Searched> {
  const search = parsed(q);
  const period: Period = { from, to };
  const [damaged, chains] = await Promise.all([
    everyDamage(db),
    namesChain(search) ? db.selectFrom('chains').select(['id', 'name']).limit(MOST_CHAINS).execute() : [],
  ]);
  return {
    period,
    search,
    damaged: damagedSubjects(damaged),
    signal,
    chains: (pattern, cased) =>
      chains.filter(({ id, name }) => [id, name].some((text) => fitsPattern(text, pattern, cased))).map(({ id }) => id),
  };
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
