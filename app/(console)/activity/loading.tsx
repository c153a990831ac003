import { HeadSkeleton, TableSkeleton } from '@/app/_components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <HeadSkeleton />
      <TableSkeleton rows={10} />
    </>
  );
}
