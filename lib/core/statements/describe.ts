import { predicateOf } from './predicates';
import type { Statement } from './statement';

/** As people call a predicate of this type; null when it is not known here. */
export function predicateLabel(predicateType: string): string | null {
  return predicateOf(predicateType)?.label ?? null;
}

/**
 * A statement in words. A predicate of a type nobody here knows is named and left unread.
 * @throws Error when a predicate breaks the schema of its type.
 */
export function describeStatement({ predicateType, predicate, subject }: Statement): string {
  const subjects = `${subject.length} ${subject.length === 1 ? 'subject' : 'subjects'}`;
  const words = predicateOf(predicateType)?.describe(predicate);
  return words === undefined ? `${subjects}; its predicate, ${predicateType}, is of a type not known here` : `${subjects}; ${words}`;
}
