import type { RecordEdge } from './check';

/** Whether `prev` names this record: by its stored hash, or, when only the stored hash was altered, by the true one. */
export function isFollowedBy({ hash, altered }: RecordEdge, prev: string | null): boolean {
  return prev !== null && (prev === hash || prev === altered?.computed);
}

/** Null when the number is the one after that of the record before, or after the one that record should have, `due`, or that one has none to go by. */
export function sequenceProblem(
  before: number | null,
  due: number | undefined,
  sequence: number | null,
): { expected: string; found: string | null; message: string } | null {
  if (before === null || sequence === before + 1 || (due !== undefined && sequence === due + 1)) return null;
  const expected = (due ?? before) + 1;
  return {
    expected: String(expected),
    found: sequence === null ? null : String(sequence),
    message: `The record names its predecessor rightly and yet is numbered ${sequence ?? 'not at all'} where ${expected} is due: no writer numbers so.`,
  };
}
