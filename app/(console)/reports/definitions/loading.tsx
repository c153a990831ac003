import { HeadSkeleton, Skeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <HeadSkeleton />
      <Skeleton className="h-72" />
    </>
  );
}
