import { reasonWords } from '../checks/reasons';
import { predicateOf } from './predicates';
import type { Statement } from './statement';

/** As people call a predicate of this type; null when it is not known here. */
export function predicateLabel(predicateType: string): string | null {
  return predicateOf(predicateType)?.label ?? null;
}

/** What a predicate says, in words; null for one of a type nobody here knows, which is left unread. @throws Refusal when it breaks the schema of its type. */
export function readPredicate({ predicateType, predicate }: Statement): string | null {
  return predicateOf(predicateType)?.describe(predicate) ?? null;
}

/** A statement in words. @throws Refusal when a predicate breaks the schema of its type. */
export function describeStatement(statement: Statement): string {
  return reasonWords({ code: 'statement-reads', subjects: statement.subject.length, predicateType: statement.predicateType, says: readPredicate(statement) });
}
