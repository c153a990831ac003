import { HeadSkeleton, Skeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <HeadSkeleton />
      <div aria-hidden className="max-w-[72rem] space-y-4">
        <Skeleton className="h-40" />
        <Skeleton className="h-64" />
      </div>
    </>
  );
}
