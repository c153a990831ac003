import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { ButtonLink } from '@/app/_components/ui/button';
import { PageHead } from '@/app/_components/ui/page-head';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { page } from '@/app/_server/page';
import { personActor } from '@/lib/access/actor';
import { listDestinations } from '@/lib/notify/list-destinations';
import { listFrameworks } from '@/lib/reports/controls/control-evidence';
import { listDefinitions } from '@/lib/reports/definitions/definitions';
import { pageOf } from '../../found';
import { type Search, one } from '../../params';
import { Definitions } from './_components/definitions';

export const metadata = { title: 'Saved reports' };
const PAGE = 50;

export default async function ReportDefinitionsPage({ searchParams }: { searchParams: Search }) {
  const { ctx, person } = await page();
  const params = await searchParams;
  const actor = personActor(person);
  const {
    items,
    nextCursor,
    total = 0,
  } = await pageOf((at) => listDefinitions(ctx, { actor, cursor: at, limit: PAGE }), one(params['cursor']));
  const [{ items: destinations }, frameworks] = await Promise.all([listDestinations(ctx, actor), listFrameworks(ctx)]);
  return (
    <>
      <PageHead
        title="Saved reports"
        lead="What a report is made of, under a name: which records, which period, which parts. Each run of one is kept and signed."
        actions={<ButtonLink href="/reports/runs">Kept reports</ButtonLink>}
      />
      <Definitions
        definitions={items}
        total={total}
        frameworks={frameworks.map(({ id, title }) => ({ id, title }))}
        destinations={destinations.map(({ id, name, kind, isEnabled }) => ({ id, name, kind, isEnabled }))}
      />
      {items.length > 0 && (
        <ListFoot
          shown={items.length}
          total={total}
          noun="report"
          order="by name"
          {...pageLinks('/reports/definitions', params, nextCursor)}
        />
      )}
      <LiveRefresh active={items.some(({ lastRun }) => lastRun?.state === 'waiting')} />
    </>
  );
}
