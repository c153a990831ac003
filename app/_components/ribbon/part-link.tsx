import { Link } from '../ui/link';
import type { ReactNode } from 'react';
import { formatCount } from '../format/number';
import { Tip } from '../ui/tip';

/** A part of the ribbon: goes to its row, and says on hover what it holds. */
export function PartLink({
  href,
  label,
  tone,
  title,
  records,
  children,
}: {
  href: string;
  /** All of it, to a screen reader. */
  label: string;
  /** Colour of the title. */
  tone?: string;
  title: ReactNode;
  records: string;
  children: ReactNode;
}) {
  return (
    <Tip
      side="bottom"
      delayMs={150}
      className="px-3 py-2 text-xs"
      says={
        <>
          <p className="flex items-center gap-1.5 font-medium" style={{ color: tone }}>
            {title}
          </p>
          <p className="mt-1 first-letter:uppercase">{records}</p>
          {children}
        </>
      }
    >
      <Link href={href} aria-label={label} className="block h-full rounded-[2px] hover:bg-ink/8" />
    </Tip>
  );
}

/** Which records a part holds, or that it is `none`. */
export function recordsOf({ firstRecord, records }: { firstRecord: number; records: number }, none: string): string {
  if (records === 0) return none;
  return `records ${formatCount(firstRecord)} to ${formatCount(firstRecord + records - 1)}`;
}
