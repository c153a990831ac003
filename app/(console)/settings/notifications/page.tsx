import { Link } from '@/app/_components/ui/link';
import { PageHead } from '@/app/_components/ui/page-head';
import { page } from '@/app/_server/page';
import { personActor } from '@/lib/access/actor';
import { listRules } from '@/lib/detect/rules';
import { listDeliveries } from '@/lib/notify/list-deliveries';
import { DeliverySort } from '@/lib/schemas/notifications';
import { listDestinations } from '@/lib/notify/list-destinations';
import { pageOf } from '../../found';
import { type Search, one } from '../../params';
import { Deliveries } from './_components/deliveries';
import { Destinations } from './_components/destinations';

export const metadata = { title: 'Notifications' };
const PAGE = 50;

export default async function NotificationsPage({ searchParams }: { searchParams: Search }) {
  const { ctx, person } = await page();
  const search = await searchParams;
  const cursor = one(search['cursor']);
  const sort = DeliverySort.safeParse(one(search['sort'])).data ?? '-created';
  const [{ items, hasMail }, deliveries, rules] = await Promise.all([
    listDestinations(ctx, personActor(person)),
    pageOf((at) => listDeliveries(ctx, { sort, cursor: at, limit: PAGE }), cursor),
    listRules(ctx),
  ]);
  return (
    <>
      <PageHead
        title="Notifications"
        lead="Who is told of findings, of chains that turn bad and of work that is stuck, and how telling them went."
        above={
          <Link className="link inline-flex min-h-6 items-center text-xs" href="/settings">
            Settings
          </Link>
        }
      />
      <div className="max-w-[72rem] space-y-4">
        <Destinations
          destinations={items}
          hasMail={hasMail}
          rules={rules.items.map(({ id, title }) => ({ id, title }))}
        />
        <Deliveries page={deliveries} sort={sort} search={search} />
      </div>
    </>
  );
}
