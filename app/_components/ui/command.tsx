import { clsx } from 'clsx';
import { CopyButton } from './hash';

/** Shell commands to copy, as they are to be typed; long ones scroll, or `wrap`. */
export function Command({
  children,
  label = 'Copy',
  wrap = false,
}: {
  children: string;
  label?: string;
  wrap?: boolean;
}) {
  return (
    <div className="relative rounded-md border bg-sunken">
      <pre
        tabIndex={0}
        aria-label="Command"
        className={clsx(
          'overflow-x-auto px-3 py-2.5 font-mono text-xs leading-5 print:whitespace-pre-wrap',
          wrap ? 'break-all whitespace-pre-wrap sm:pr-28' : 'sm:pr-20',
        )}
      >
        {children}
      </pre>
      <CopyButton
        value={children}
        label={label}
        className="m-1 bg-sunken max-sm:mt-0 sm:absolute sm:top-1 sm:right-1 sm:m-0"
      />
    </div>
  );
}
