import { HeadSkeleton, Skeleton, TableSkeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <HeadSkeleton />
      <Skeleton className="mb-5 h-12" />
      <Skeleton className="mb-4 h-36" />
      <Skeleton className="mb-4 h-9 w-full max-w-xl" />
      <TableSkeleton rows={12} />
    </>
  );
}
