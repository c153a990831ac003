import { AppError } from '../core/errors';

/** What will be as it is when it is tried again. */
const FINAL: ReadonlySet<string> = new Set([
  'NOT_FOUND',
  'TOO_LARGE',
  'EVIDENCE_MISSING',
  'EVIDENCE_ALTERED',
  'EVIDENCE_DELETED',
]);
/** What is still being checked, loaded or attested soon is: tries until a conflict is taken to last, within three minutes. */
const CONFLICT_TRIES = 6;

/** Why something was not made, as its row says it, and whether it is not to be tried again after so many tries. */
export function failureOf(error: unknown, attempts: number): { isFinal: boolean; failure: string } {
  if (!(error instanceof AppError))
    return { isFinal: false, failure: "an unexpected failure, described in the worker's log" };
  const { code, message: failure } = error;
  return { isFinal: FINAL.has(code) || (code === 'CONFLICT' && attempts >= CONFLICT_TRIES), failure };
}
