'use client';
import type { ReactNode } from 'react';

type Props = {
  /** What it shows. */
  of: string;
  label: string;
  className?: string;
  children: ReactNode;
};

/** A region that is gone to when it is shown first, and when it shows another thing. */
export function FocusOnShow({ of, label, className, children }: Props) {
  return (
    <div key={of} ref={focus} role="group" aria-label={label} tabIndex={-1} className={className}>
      {children}
    </div>
  );
}

const focus = (part: HTMLElement | null): void => part?.focus();
