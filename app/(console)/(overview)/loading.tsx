import { HeadSkeleton, Skeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <HeadSkeleton />
      <div aria-hidden className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Skeleton className="h-[34rem]" />
        <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-1">
          <Skeleton className="h-64" />
          <Skeleton className="h-64" />
        </div>
      </div>
      <Skeleton className="mt-4 h-80" />
    </>
  );
}
