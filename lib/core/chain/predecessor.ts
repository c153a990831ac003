import type { RecordEdge } from './check';

/** Whether `prev` names this record: by its stored hash, or, when only the stored hash was altered, by the true one. */
export function isFollowedBy({ hash, altered }: RecordEdge, prev: string | null): boolean {
  return prev !== null && (prev === hash || prev === altered?.computed);
}

/** Null when the number is the one after that of `before`, or after the one `before` should have, or `before` has none to go by. */
export function sequenceProblem(
  before: { sequence: number | null; due?: number },
  sequence: number | null,
): { expected: string; found: string | null; message: string } | null {
  if (
    before.sequence === null ||
    sequence === before.sequence + 1 ||
    (before.due !== undefined && sequence === before.due + 1)
  )
    return null;
  const expected = (before.due ?? before.sequence) + 1;
  return {
    expected: String(expected),
    found: sequence === null ? null : String(sequence),
    message: `The record names its predecessor rightly and yet is numbered ${sequence ?? 'not at all'} where ${expected} is due: no writer numbers so.`,
  };
}
