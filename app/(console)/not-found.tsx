import { SearchX } from 'lucide-react';
import { ButtonLink } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';

export default function NotFound() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <Empty
        icon={<SearchX size={20} />}
        title="There is nothing at this address"
        actions={
          <>
            <ButtonLink href="/chains">All chains</ButtonLink>
            <ButtonLink href="/">Overview</ButtonLink>
          </>
        }
      >
        The link may come from another Sealtrail, or was cut on its way. Evidence is never removed here.
      </Empty>
    </>
  );
}
