import { CopyButton } from './hash';

/** Shell commands to copy, as they are to be typed. */
export function Command({ children, label = 'Copy' }: { children: string; label?: string }) {
  return (
    <div className="relative rounded-md border bg-sunken">
      <pre tabIndex={0} aria-label="Command" className="overflow-x-auto px-3 py-2.5 font-mono sm:pr-20 text-xs leading-5 print:whitespace-pre-wrap">
        {children}
      </pre>
      <CopyButton value={children} label={label} className="m-1 bg-sunken max-sm:mt-0 sm:absolute sm:top-1 sm:right-1 sm:m-0" />
    </div>
  );
}
