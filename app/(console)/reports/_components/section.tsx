import type { ReactNode } from 'react';

/** A numbered section of the document. */
export function Section({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={`section-${number}`} className="mb-10">
      <h2 id={`section-${number}`} className="mb-3 flex gap-3 text-lg font-semibold break-after-avoid">
        <span className="w-5 shrink-0 text-faint tabular">{number}</span>
        {title}
      </h2>
      <div className="sm:pl-8">{children}</div>
    </section>
  );
}

/** A paragraph of at most 72 characters a line. */
export function Prose({ children }: { children: ReactNode }) {
  return <p className="mb-4 max-w-[72ch]">{children}</p>;
}
