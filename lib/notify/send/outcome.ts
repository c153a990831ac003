import type { Try } from '../../schemas/notifications';

/** How an attempt ended: what is kept of it, and what follows. */
export type Outcome = Pick<Try, 'ok' | 'status' | 'failure' | 'answer'> & {
  /** The destination itself does not work now: what else waits for it need not be tried. */
  isDown: boolean;
  /** It will be as it is: no further attempt. */
  isFinal: boolean;
  /** What it asks to be left alone for. */
  retryAfter: string | null;
};

export const ARRIVED = { ok: true, failure: null, isDown: false, isFinal: false, retryAfter: null } as const;

/** Nothing was answered. */
export function notSent(failure: string, isFinal = false): Outcome {
  return { ok: false, status: null, failure, answer: '', isDown: true, isFinal, retryAfter: null };
}

/** Why a connection came to nothing, in words. */
export function connectionFailure(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'it could not be reached';
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return `it did not answer within ${timeoutMs / 1000} seconds`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === 'ABORT_ERR'
    ? `it did not answer within ${timeoutMs / 1000} seconds`
    : `it could not be reached (${code || error.message})`;
}
