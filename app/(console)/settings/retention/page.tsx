import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { keepWords } from '@/app/_components/retention/words';
import { Empty } from '@/app/_components/ui/empty';
import { Link } from '@/app/_components/ui/link';
import { PageHead } from '@/app/_components/ui/page-head';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { page } from '@/app/_server/page';
import { listRetention } from '@/lib/retention/list-retention';
import { RetentionQuery } from '@/lib/schemas/retention';
import { Hourglass } from 'lucide-react';
import { pageOf } from '../../found';
import { type Search, one } from '../../params';
import { RetentionPolicyCard } from './_components/retention-policy-card';
import { RetentionTable } from './_components/retention-table';
import { StatesCard } from './_components/states-card';
import { TryForm } from './_components/try-form';

export const metadata = { title: 'Retention' };
const PAGE = 50;

export default async function RetentionPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const search = await searchParams;
  // What is no state, and no number of days, is as if it were not there.
  const state = RetentionQuery.shape.state.safeParse(search['state']).data;
  const keepDays = RetentionQuery.shape.keepDays.safeParse(one(search['keepDays'])).data;
  const { policy, states, items, nextCursor, total } = await pageOf(
    (cursor) =>
      listRetention(ctx, {
        limit: PAGE,
        ...(state && { state }),
        ...(keepDays !== undefined && { keepDays }),
        ...(cursor && { cursor }),
      }),
    one(search['cursor']),
  );
  return (
    <>
      <PageHead
        title="Retention"
        lead="For how long chains are kept. Nothing is deleted by itself: what has expired is deleted by an administrator, and leaves a signed tombstone."
        above={
          <Link className="link inline-flex min-h-6 items-center text-xs" href="/settings">
            Settings
          </Link>
        }
      />
      <div className="max-w-[72rem] space-y-4">
        <RetentionPolicyCard policy={policy} />
        <StatesCard states={states} search={search} asked={state}>
          <TryForm keepDays={keepDays} />
          {keepDays !== undefined && (
            <p role="status" className="mt-2 max-w-[72ch]">
              As if chains without a policy of their own were kept {keepDays === null ? '' : 'for '}
              {keepWords(keepDays)}. Nothing was set, and nothing is deleted by it.
            </p>
          )}
        </StatesCard>
        {items.length === 0 ? (
          <div className="card">
            <Empty icon={<Hourglass size={20} />} title={state ? 'No chain is in this state' : 'There is no chain yet'}>
              Chains are listed here with what stands between each and its deletion.
            </Empty>
          </div>
        ) : (
          <section aria-label="Chains">
            <RetentionTable chains={items} isTried={keepDays !== undefined} />
            <ListFoot
              shown={items.length}
              total={total ?? items.length}
              noun="chain"
              order="newest first"
              {...pageLinks('/settings/retention', search, nextCursor)}
            />
          </section>
        )}
      </div>
      <LiveRefresh active={items.some((chain) => chain.state === 'deleting')} />
    </>
  );
}
