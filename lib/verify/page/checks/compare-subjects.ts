import type { Statement } from '../../../core/statements/statement';
import { type Item, digestsOf } from '../item';
import type { Row } from '../outcome';
import { baseName } from '../dropped/recognise';

/** Holds the digests a statement names against everything that is here. */
export function compareSubjects({ subject }: Statement, items: readonly Item[]): { row: Row; matched: Item[] } {
  const matches = items.flatMap((item) => {
    const found = subject.find(({ digest }) => digest.sha256 !== undefined && digestsOf(item).includes(digest.sha256));
    return found ? [{ item, name: found.name ?? null, sha256: found.digest.sha256 ?? '' }] : [];
  });
  if (matches.length === 0)
    return {
      row: { step: 'subjects', status: 'skipped', reason: { code: 'no-subject-here', named: subject.map(namedIn) } },
      matched: [],
    };
  const matched = new Set(matches.map(({ sha256 }) => sha256)).size;
  // The root of a tree is no file.
  const total = new Set(
    subject.filter(({ annotations }) => annotations?.tree === undefined).map(({ digest }) => digest.sha256),
  ).size;
  const found = matches.map(({ item, name, sha256 }) => ({ file: item.source.name, name, sha256 }));
  return {
    row: { step: 'subjects', status: 'passed', reason: { code: 'subjects-here', found, matched, total } },
    matched: matches.map(({ item }) => item),
  };
}

/** What is said of the subjects that nothing here has the digest of: a file of the same name has other bytes, or it is not here. */
export function otherSubjects({ subject }: Statement, items: readonly Item[]): Row[] {
  const here = new Set(items.flatMap(digestsOf));
  const absent = subject.filter(
    ({ digest, annotations }) => annotations?.tree === undefined && !here.has(digest.sha256 ?? ''),
  );
  const namesakes = absent.flatMap(({ name, digest }) =>
    items
      .filter(({ source, sha256 }) => name !== undefined && sha256 !== null && baseName(source.name) === baseName(name))
      .map((item) => ({ item, name, stated: digest.sha256 ?? null })),
  );
  const missing = absent.filter(({ name }) => !namesakes.some((one) => one.name === name));
  const rows: Row[] = [];
  if (namesakes.length > 0)
    rows.push({
      step: 'namesakes',
      status: 'failed',
      reason: {
        code: 'namesakes-differ',
        files: namesakes.map(({ item, stated }) => ({ file: item.source.name, sha256: item.sha256, stated })),
      },
    });
  if (missing.length > 0 && missing.length < subject.length)
    rows.push({
      step: 'all-subjects',
      status: 'skipped',
      reason: { code: 'subjects-missing', missing: missing.map(namedIn) },
    });
  return rows;
}

function namedIn({ name, digest }: Statement['subject'][number]): { name: string | null; sha256: string | null } {
  return { name: name ?? null, sha256: digest.sha256 ?? null };
}
