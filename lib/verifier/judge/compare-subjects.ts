import type { Statement } from '../../core/statements/statement';
import { type Item, digestsOf } from '../item';
import type { Row } from '../outcome';
import { baseName } from '../dropped/recognise';
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

/** What is said of the subjects that nothing here has the digest of: a file of the same name has other bytes, or it is not here. */
export function otherSubjects({ subject }: Statement, items: readonly Item[]): Row[] {
  const here = new Set(items.flatMap(digestsOf));
  const absent = subject.filter(({ digest, annotations }) => annotations?.tree === undefined && !here.has(digest.sha256 ?? ''));
  const namesakes = absent.flatMap(({ name, digest }) => items.filter(({ source, sha256 }) => name !== undefined && sha256 !== null && baseName(source.name) === baseName(name)).map((item) => ({ item, name, stated: digest.sha256 })));
  const missing = absent.filter(({ name }) => !namesakes.some((one) => one.name === name));
  return [
    ...(namesakes.length > 0 ? [{ outcome: 'fails' as const, title: 'A file with the name of a subject has its bytes', detail: `${some(namesakes.map(({ item, stated }) => `${item.source.name} has SHA-256 ${item.sha256 ?? ''}, stated is ${stated ?? 'none'}`))}.` }] : []),
    ...(missing.length > 0 && missing.length < subject.length ? [{ outcome: 'unchecked' as const, title: 'All it names is here', detail: `Not here: ${some(missing.map(({ name, digest }) => `${name ?? 'without a name'} (SHA-256 ${digest.sha256 ?? 'not stated'})`))}.` }] : []),
  ];
}
