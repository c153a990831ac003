import { HeadSkeleton, Skeleton, TableSkeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <HeadSkeleton />
      <Skeleton className="mb-4 h-36" />
      <Skeleton className="mb-4 h-48" />
      <TableSkeleton rows={16} />
    </>
  );
}
