import { AuditChainSegment, PREDICATE_TYPE } from './predicates/audit-chain-segment';
import type { Statement } from './statement';

/**
 * A statement in words. A predicate of a type nobody here knows is named and left unread.
 * @throws Error when a predicate breaks the schema of its type.
 */
export function describeStatement({ predicateType, predicate, subject }: Statement): string {
  const subjects = `${subject.length} ${subject.length === 1 ? 'subject' : 'subjects'}`;
  if (predicateType !== PREDICATE_TYPE) return `${subjects}; its predicate, ${predicateType}, is of a type not known here`;
  const parsed = AuditChainSegment.safeParse(predicate);
  if (!parsed.success) throw new Error(`the predicate does not follow its schema: ${schemaIssues(parsed.error.issues)}`);
  const { chain, verdict, recordRange } = parsed.data;
  return `${subjects}; records ${recordRange.first} to ${recordRange.last} of "${chain.name}" were found ${verdict}`;
}

/** The first three, each with its place. */
export function schemaIssues(list: readonly { path: PropertyKey[]; message: string }[]): string {
  return list
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join('.') || 'statement'}: ${message}`)
    .join('; ');
}
