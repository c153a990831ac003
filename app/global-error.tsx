'use client';

/** The layout itself failed: plain HTML, no styles to rely on. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: 'system-ui, sans-serif', maxWidth: '60ch', margin: '15vh auto', padding: '0 1.5rem' }}>
        <h1>Sealtrail could not show this page</h1>
        <p>
          What is stored is unaffected. Try again; if it goes on, look for this id in the server’s log:{' '}
          {error.digest ?? 'none given'}.
        </p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  );
}
