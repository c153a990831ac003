import { Patience } from '@/app/_components/ui/patience';
import { Skeleton } from '@/app/_components/ui/skeleton';

/** The queue and the finding beside it, before they are there. */
export function QueueSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton className="mb-4 h-9 w-full max-w-lg" />
      <Patience />
      <div aria-hidden className="grid gap-4 lg:grid-cols-[23rem_minmax(0,1fr)]">
        <Skeleton className="h-[36rem]" />
        <Skeleton className="h-[36rem] max-lg:hidden" />
      </div>
    </div>
  );
}
