import type { ReactNode } from 'react';

/** One of a list of facts, under what it says. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-faint first-letter:uppercase">{label}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}
