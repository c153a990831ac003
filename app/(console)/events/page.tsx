import { ScrollText } from 'lucide-react';
import { Suspense } from 'react';
import { Empty } from '@/app/_components/ui/empty';
import { UploadButton } from '@/app/_components/upload/upload-button';
import { page } from '@/app/_server/page';
import { preferenceOf } from '@/lib/access/preferences';
import { hasChains } from '@/lib/chains/chains';
import { Explorer } from './_components/explorer';

export const metadata = { title: 'Events' };

export default async function EventsPage() {
  const { ctx, person } = await page();
  if (!(await hasChains(ctx)))
    return (
      <>
        <h1 className="sr-only">Events</h1>
        <div className="card">
          <Empty icon={<ScrollText size={20} />} title="No records yet" actions={<UploadButton />}>
            Every record of every chain can be searched here, seconds after it arrives. Upload a log, or load the sample
            data from the overview.
          </Empty>
        </div>
      </>
    );
  return (
    <Suspense>
      <Explorer liked={(await preferenceOf(ctx, person.id, 'event-columns')).columns} />
    </Suspense>
  );
}
