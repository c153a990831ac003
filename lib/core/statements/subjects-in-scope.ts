import type { Reason } from '../checks/reasons';
import { excerptNamed } from './excerpt-name';
import { predicateOf } from './predicates';
import type { Statement } from './statement';

/** What a standard predicate says in favour of its subjects, in a word; null when it says nothing for them, or is of another type. */
export function favourOf({ predicateType, predicate }: Statement): string | null {
  return predicateOf(predicateType)?.favours(predicate) ?? null;
}

/**
 * Why a standard statement names more than its result is about, as those on part of a chain once did: the excerpt, and beside it the segments it
 * was taken from and the head of the whole chain's tree. Whoever reads subjects alone would take those for passed. Null when it does not.
 */
export function excessSubjects(statement: Statement): Extract<Reason, { code: 'names-too-much' }> | null {
  const favour = favourOf(statement);
  const excerpt = statement.subject.find(({ name }) => name !== undefined && excerptNamed(name) !== null);
  if (favour === null || !excerpt) return null;
  const sha256 = excerpt.digest.sha256 ?? null;
  const more = statement.subject.filter(({ digest }) => digest.sha256 !== excerpt.digest.sha256);
  return more.length === 0
    ? null
    : {
        code: 'names-too-much',
        favour,
        excerpt: excerpt.name ?? '',
        sha256,
        more: more.map(({ name, digest }) => name ?? digest.sha256 ?? 'without a name'),
      };
}
