'use client';
import type { Loaded } from './use-json';
import { RequestError, sayError } from './request-error';

/** In the place of what could not be read: why, and a way to ask for it again where that can help. */
export function NotRead({
  what,
  of: { error, retry },
  className,
}: {
  /** Such as “The records around it”. */
  what: string;
  of: Pick<Extract<Loaded<unknown>, { state: 'failed' }>, 'error' | 'retry'>;
  className?: string;
}) {
  // What was asked wrongly is answered in the same way again.
  const canHelp = !(error instanceof RequestError) || error.status !== 400;
  return (
    <p role="alert" className={className}>
      <span className="text-v-tampered">{what} could not be read.</span>{' '}
      <span className="text-muted">{sayError(error)}</span>{' '}
      {canHelp && (
        <button type="button" className="link min-h-6" onClick={retry}>
          Try again
        </button>
      )}
    </p>
  );
}
