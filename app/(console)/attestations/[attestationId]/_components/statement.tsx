import { CopyButton } from '@/app/_components/ui/hash';

/** The in-toto statement inside the bundle, set out for reading. */
export function Statement({ statement }: { statement: unknown }) {
  if (statement === null || statement === undefined)
    return (
      <p className="p-4 text-muted">Not shown: the signature does not hold, so this may not be what was signed.</p>
    );
  const text = JSON.stringify(statement, null, 2);
  return (
    <div className="relative">
      <CopyButton value={text} label="Copy" className="absolute top-2 right-3 bg-surface" />
      <pre
        tabIndex={0}
        aria-label="Statement"
        className="max-h-[32rem] overflow-auto p-4 font-mono text-xs break-all whitespace-pre-wrap print:max-h-none"
      >
        {text}
      </pre>
    </div>
  );
}
