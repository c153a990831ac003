export type ErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  /** The person signed in has to set up a second factor before anything else. */
  | 'SECOND_FACTOR_REQUIRED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'DIGEST_MISMATCH'
  | 'KEY_REUSED'
  | 'TOO_LARGE'
  | 'UNKNOWN_FORMAT'
  | 'UNREADABLE_BODY'
  | 'UNSUPPORTED_MEDIA'
  | 'STORAGE_FULL'
  | 'BUSY'
  /** A question that would cost the lake more than one may. */
  | 'SEARCH_TOO_LARGE'
  | 'UNAVAILABLE'
  | 'EVIDENCE_MISSING'
  /** It was deleted after its retention had ended; the tombstone of its chain says what it was. */
  | 'EVIDENCE_DELETED'
  /** What is stored is not what was stored: nothing is made from it. */
  | 'EVIDENCE_ALTERED'
  /** The store does not answer, or cannot be read or written: later it may. */
  | 'EVIDENCE_UNAVAILABLE'
  | 'SIGNING_FAILED'
  /** A service that has to take part in signing does not answer: later it may. */
  | 'SIGNING_UNAVAILABLE';

/** We could not do the work. A broken chain is not an error: it is a Verdict. */
export class AppError extends Error {
  override readonly name = 'AppError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Shown to callers: ids, field names, 0-based record index, byte offset. Never log content. */
    readonly details: Record<string, string | number> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
