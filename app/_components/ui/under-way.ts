import { useSyncExternalStore } from 'react';

/** Addresses that links were followed to and whose pages are not here yet, the last one last. */
let underWay: readonly { readonly href: string }[] = [];
const listeners = new Set<() => void>();

function change(to: typeof underWay): void {
  underWay = to;
  for (const listener of listeners) listener();
}

/** A link was followed; what it gives is called when its page is here, or another is gone to. */
export function wentTo(href: string): () => void {
  const one = { href };
  change([...underWay, one]);
  return () => change(underWay.filter((other) => other !== one));
}

/** Where the page leads to that is waited for; null while none is. */
export function useUnderWay(): string | null {
  return useSyncExternalStore(
    subscribe,
    () => underWay.at(-1)?.href ?? null,
    () => null,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
