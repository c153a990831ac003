import { HeadSkeleton, Skeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <div className="mx-auto max-w-[60rem]">
      <HeadSkeleton />
      <div aria-hidden className="space-y-8">
        <Skeleton className="h-40" />
        <Skeleton className="h-72" />
        <Skeleton className="h-72" />
      </div>
    </div>
  );
}
