'use client';
import { useState } from 'react';
import { CopyButton } from '@/app/_components/ui/hash';

/** The line as it was stored. Setting it out for reading never changes what is copied. */
export function RecordRaw({
  raw,
  cut,
  command,
}: {
  raw: string;
  cut: boolean;
  /** What asks for the record from a shell. */
  command: string;
}) {
  const [setOut, setSetOut] = useState(true);
  const pretty = setOut ? indent(raw) : null;
  return (
    <section aria-label="Raw record">
      <header className="mb-1 flex flex-wrap items-center gap-1">
        <h3 className="flex-1 font-medium">Raw record</h3>
        <button
          type="button"
          aria-pressed={setOut}
          onClick={() => setSetOut(!setOut)}
          className="h-7 rounded-md px-2 text-xs text-muted hover:bg-hover aria-pressed:bg-chosen aria-pressed:text-ink"
        >
          Indented
        </button>
        <CopyButton value={raw} label="Copy raw" />
        <CopyButton value={command} label="Copy as curl" />
      </header>
      <pre
        tabIndex={0}
        aria-label="Bytes of the record"
        className="max-h-[60vh] overflow-auto rounded-md border bg-sunken p-3 font-mono text-xs break-all whitespace-pre-wrap"
      >
        {pretty ?? raw}
      </pre>
      {cut && <p className="mt-1 text-xs text-muted">Cut at 1 MiB; the segment’s download holds all of it.</p>}
    </section>
  );
}

/** JSON on several lines; null when the line is none. Numbers are shown as JavaScript reads them. */
function indent(raw: string): string | null {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return null;
  }
}
