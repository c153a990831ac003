import { CopyButton } from './hash';

/** Shell commands to copy, as they are to be typed. */
export function Command({ children, label = 'Copy' }: { children: string; label?: string }) {
  return (
    <div className="relative rounded-md border bg-sunken">
      <pre tabIndex={0} aria-label="Command" className="overflow-x-auto px-3 py-2.5 pr-20 font-mono text-xs leading-5 print:whitespace-pre-wrap">
        {children}
      </pre>
      <CopyButton value={children} label={label} className="absolute top-1 right-1 bg-sunken" />
    </div>
  );
}
