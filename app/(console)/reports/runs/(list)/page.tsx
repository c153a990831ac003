import { Archive } from 'lucide-react';
import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import * as z from 'zod';
import { ButtonLink } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';
import { PageHead } from '@/app/_components/ui/page-head';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { page } from '@/app/_server/page';
import { listReportRuns } from '@/lib/package/report-runs/runs';
import { pageOf } from '../../../found';
import { type Search, one } from '../../../params';
import { RunsTable } from '../_components/runs-table';

export const metadata = { title: 'Kept reports' };
const PAGE = 50;

export default async function ReportRunsPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const definitionId = z.uuid().safeParse(one(params['definition'])).data;
  const {
    items,
    nextCursor,
    total = 0,
  } = await pageOf((at) => listReportRuns(ctx, { definitionId, cursor: at, limit: PAGE }), one(params['cursor']));
  return (
    <>
      <PageHead
        title="Kept reports"
        lead="Reports as they were made once: signed, with the digests of what each rests on. None of them changes again."
        actions={
          <>
            <ButtonLink href="/reports/definitions">Saved reports</ButtonLink>
            <ButtonLink href="/reports">Report</ButtonLink>
          </>
        }
      />
      {items.length === 0 ? (
        <div className="card">
          <Empty
            icon={<Archive size={20} />}
            title="No report is kept yet"
            actions={<ButtonLink href="/reports">Choose a period</ButtonLink>}
          >
            A report is counted again whenever it is opened. Keep one to hand over the same bytes later: its figures,
            the document and its tables are stored and signed as they are now.
          </Empty>
        </div>
      ) : (
        <>
          <RunsTable runs={items} />
          <ListFoot
            shown={items.length}
            total={total}
            noun="report"
            order="newest first"
            {...pageLinks('/reports/runs', params, nextCursor)}
          />
        </>
      )}
      <LiveRefresh active={items.some(({ state }) => state === 'waiting')} />
    </>
  );
}
