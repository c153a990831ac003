'use client';
import { useRouter } from 'next/navigation';
import { Suspense, lazy, startTransition } from 'react';
import { buttonClass } from './button-class';

/** Every page has this with it: what it can do without comes when it is shown, and is left out when that fails too. */
const CopyButton = lazy(() =>
  import('./hash').then(
    (loaded) => ({ default: loaded.CopyButton }),
    () => ({ default: () => <></> }),
  ),
);

/** A page that could not be made: what happened, what was kept, what to do, and the id to ask about. */
export function Failure({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  return (
    <div role="alert">
      <h1 className="text-xl font-semibold">This page could not be made</h1>
      <p className="mt-2 text-base text-muted">
        A part of Sealtrail did not answer. Evidence and verdicts are stored and unaffected; nothing you did is lost.
        Try again in a moment. If it goes on, the server’s log holds the reason under this request id.
      </p>
      {error.digest && (
        <p className="mt-3 flex items-center gap-2 font-mono text-xs">
          {error.digest}{' '}
          <Suspense>
            <CopyButton value={error.digest} label="Copy id" className="font-sans" />
          </Suspense>
        </p>
      )}
      <div className="mt-5 flex gap-2">
        <button
          type="button"
          className={buttonClass('primary')}
          onClick={() =>
            startTransition(() => {
              router.refresh();
              reset();
            })
          }
        >
          Try again
        </button>
        <a href="/" className={buttonClass()}>
          Go to the overview
        </a>
      </div>
    </div>
  );
}
