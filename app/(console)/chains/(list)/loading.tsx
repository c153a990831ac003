import { HeadSkeleton, Skeleton, TableSkeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <HeadSkeleton />
      <Skeleton className="mb-3 h-8 w-full max-w-xl" />
      <TableSkeleton rows={12} />
    </>
  );
}
