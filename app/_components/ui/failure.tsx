'use client';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { Button, ButtonLink } from './button';
import { CopyButton } from './hash';

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
          {error.digest} <CopyButton value={error.digest} label="Copy id" className="font-sans" />
        </p>
      )}
      <div className="mt-5 flex gap-2">
        <Button
          look="primary"
          onClick={() =>
            startTransition(() => {
              router.refresh();
              reset();
            })
          }
        >
          Try again
        </Button>
        <ButtonLink href="/">Go to the overview</ButtonLink>
      </div>
    </div>
  );
}
