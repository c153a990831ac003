'use client';
import { Patience } from '../ui/patience';
import { useUnderWay } from '../ui/under-way';

/** While a page that was gone to is not here: a line at the top that moves, and where it takes long, words with a way to ask for it again. */
export function PageUnderWay() {
  const href = useUnderWay();
  if (href === null) return null;
  return (
    <>
      <div aria-hidden className="under-way no-print" />
      <Patience
        href={href}
        className="no-print fixed inset-x-4 top-12 z-40 mx-auto w-fit rounded-md border bg-raised px-3 py-1 shadow-pop"
      />
    </>
  );
}
