import { Refusal } from '../checks/check';
import { reasonWords } from '../checks/reasons';
import { predicateOf } from './predicates';
import type { Statement } from './statement';

/** As people call a predicate of this type; null when it is not known here. */
export function predicateLabel(predicateType: string): string | null {
  return predicateOf(predicateType)?.label ?? null;
}

/** What a predicate says, in words; null for one of a type nobody here knows, which is left unread. @throws Refusal when it breaks the schema of its type. */
export function readPredicate({ predicateType, predicate }: Statement): string | null {
  const described = predicateOf(predicateType)?.describe(predicate) ?? { says: null };
  if ('issues' in described) throw new Refusal({ code: 'predicate-breaks-schema', issues: described.issues });
  return described.says;
}

/** A statement in words. @throws Refusal when a predicate breaks the schema of its type. */
export function describeStatement(statement: Statement): string {
  return reasonWords({
    code: 'statement-reads',
    subjects: statement.subject.length,
    predicateType: statement.predicateType,
    says: readPredicate(statement),
  });
}
