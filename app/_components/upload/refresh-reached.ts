import type { useRouter } from 'next/navigation';

/**
 * Reads the page again if the server answers. A refresh that fails makes the framework leave the page, and with it what is being sent and
 * what a person has typed.
 */
export async function refreshReached(router: ReturnType<typeof useRouter>): Promise<void> {
  const isReached = await fetch('/api/health/live', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isReached) router.refresh();
}
