import { HeadSkeleton, Skeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <HeadSkeleton />
      <Skeleton className="mb-5 h-20 max-w-2xl" />
      <div aria-hidden className="grid gap-4 xl:grid-cols-2">
        <Skeleton className="h-72" />
        <Skeleton className="h-72" />
      </div>
      <Skeleton className="mt-4 h-64" />
    </>
  );
}
