import type { Statement } from '../../core/statements/statement';
import { type Item, digestsOf } from '../item';
import type { Row } from '../outcome';
import { figure, some } from './words';

/** Holds the digests a statement names against everything that is here. */
export function compareSubjects({ subject }: Statement, items: readonly Item[]): { row: Row; matched: Item[] } {
  const title = 'It is about bytes that are here';
  const matches = items.flatMap((item) => {
    const found = subject.find(({ digest }) => digest.sha256 !== undefined && digestsOf(item).includes(digest.sha256));
    return found ? [{ item, name: found.name ?? 'without a name', sha256: found.digest.sha256 ?? '' }] : [];
  });
  const matched = new Set(matches.map(({ sha256 }) => sha256)).size;
  // The root of a tree is no file.
  const total = new Set(subject.filter(({ annotations }) => annotations?.tree === undefined).map(({ digest }) => digest.sha256)).size;
  if (matches.length > 0) return { row: { outcome: 'holds', title, detail: `${matched === total ? '' : `${figure(matched)} of the ${figure(total)} it names: `}${some(matches.map(({ item, name, sha256 }) => `${item.source.name} is subject "${name}", SHA-256 ${sha256}`))}.` }, matched: matches.map(({ item }) => item) };
  const named = some(subject.map(({ name, digest }) => `${name ?? 'without a name'} (${digest.sha256 ?? 'no SHA-256'})`));
  return { row: { outcome: 'unchecked', title, detail: `Nothing here has a digest it names: ${named}.` }, matched: [] };
}
