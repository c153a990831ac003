import { Only } from '@/app/_components/access/role';
import { clsx } from 'clsx';
import { FolderOpen } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import { Suspense } from 'react';
import { formatCount } from '@/app/_components/format/number';
import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { RowLink } from '@/app/_components/list/row-link';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { STATUSES, STATUS_WORDS } from '@/app/_components/triage/words';
import { ButtonLink } from '@/app/_components/ui/button';
import { ExportFile } from '@/app/_components/ui/export-csv';
import { Empty } from '@/app/_components/ui/empty';
import { PageHead } from '@/app/_components/ui/page-head';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { Body, Cell, Head, Row, RowHead, Table } from '@/app/_components/ui/table';
import { LevelMark } from '@/app/_components/verdict/levels';
import { page } from '@/app/_server/page';
import { personActor } from '@/lib/access/actor';
import type { Context } from '@/lib/context';
import { type Case, CaseSort } from '@/lib/schemas/cases';
import type { FindingStatus } from '@/lib/schemas/triage';
import { listCases } from '@/lib/triage/cases/cases';
import { pageOf } from '../found';
import { type Search, one } from '../params';
import { NewCase } from './_components/new-case';

export const metadata = { title: 'Cases' };
const PAGE = 100;

export default async function CasesPage({ searchParams }: { searchParams: Search }) {
  const { ctx, person } = await page();
  const params = await searchParams;
  const status = STATUSES.find((known) => known === one(params['status']));
  const sort = CaseSort.safeParse(one(params['sort'])).data ?? '-created';
  return (
    <>
      <PageHead
        title="Cases"
        lead="Findings of one story, gathered under a title: who has it, how far it is, and what was found out."
        actions={
          <>
            <ExportFile href={`/api/v1/cases.ocsf.ndjson?${addressOf(status, sort)}`} label="OCSF" />
            <Only need="analyst">
              <NewCase />
            </Only>
          </>
        }
      />
      <nav aria-label="Cases by status" className="no-print mb-3 overflow-x-auto">
        <ul className="flex gap-1 text-xs">
          {[undefined, ...STATUSES].map((each) => (
            <li key={each ?? 'any'}>
              <Link
                href={`/cases?${addressOf(each, sort)}`}
                aria-current={each === status ? 'true' : undefined}
                className={clsx(
                  'flex h-8 items-center px-2 whitespace-nowrap',
                  each === status ? 'font-medium text-ink underline underline-offset-4' : 'text-muted hover:text-ink',
                )}
              >
                {each ? STATUS_WORDS[each] : 'Any status'}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Suspense fallback={<Skeleton className="h-[50vh]" />}>
        <Cases ctx={ctx} workspaceId={personActor(person).workspaceId} status={status} sort={sort} params={params} />
      </Suspense>
    </>
  );
}

/** What the list is narrowed by and its order, as an address writes them. */
function addressOf(status: FindingStatus | undefined, sort: CaseSort): URLSearchParams {
  return new URLSearchParams({ ...(status && { status }), ...(sort !== '-created' && { sort }) });
}

async function Cases({
  ctx,
  workspaceId,
  status,
  sort,
  params,
}: {
  ctx: Context;
  workspaceId: string;
  status: FindingStatus | undefined;
  sort: CaseSort;
  params: Awaited<Search>;
}) {
  const {
    items,
    nextCursor,
    total = 0,
  } = await pageOf(
    (at) => listCases(ctx, { status: status && [status], sort, cursor: at, limit: PAGE, workspaceId }),
    one(params['cursor']),
  );
  if (items.length === 0)
    return (
      <div className="card">
        <Empty
          icon={<FolderOpen size={20} />}
          title={status ? 'No case of this status' : 'No case yet'}
          actions={<ButtonLink href="/findings">Findings</ButtonLink>}
        >
          <p>Select findings that belong together in the queue and add them to a case.</p>
        </Empty>
      </div>
    );
  return (
    <>
      <div className="card">
        <Table label="Cases">
          <Head>
            <SortHead by="title" sort={sort}>
              Case
            </SortHead>
            <SortHead by="status" sort={sort}>
              Status
            </SortHead>
            <SortHead by="owner" sort={sort}>
              Owner
            </SortHead>
            <SortHead by="findings" sort={sort} numeric isDownFirst>
              Findings
            </SortHead>
            <SortHead by="level" sort={sort}>
              Worst
            </SortHead>
            <SortHead by="seen" sort={sort} isDownFirst>
              Seen
            </SortHead>
            <SortHead by="changed" sort={sort} isDownFirst>
              Changed
            </SortHead>
          </Head>
          <Body>
            {items.map((one) => (
              <CaseRow key={one.id} one={one} />
            ))}
          </Body>
        </Table>
      </div>
      <ListFoot
        shown={items.length}
        total={total}
        noun="case"
        order={sort === '-created' ? 'newest first' : undefined}
        {...pageLinks('/cases', params, nextCursor)}
      />
    </>
  );
}

function CaseRow({ one }: { one: Case }) {
  return (
    <Row>
      <RowHead className="[overflow-wrap:anywhere]">
        <RowLink href={`/cases/${one.id}`}>{one.title}</RowLink>
      </RowHead>
      <Cell label="Status">{STATUS_WORDS[one.status]}</Cell>
      <Cell label="Owner">{one.owner?.name ?? <span className="text-faint">nobody</span>}</Cell>
      <Cell label="Findings" numeric>
        {formatCount(one.findings)}
      </Cell>
      <Cell label="Worst">
        {one.level ? <LevelMark level={one.level} /> : <span className="text-faint">none</span>}
      </Cell>
      <Cell label="Seen" className="whitespace-nowrap">
        {one.from && one.to ? <TimeSpan from={one.from} to={one.to} /> : <span className="text-faint">no finding</span>}
      </Cell>
      <Cell label="Changed" className="whitespace-nowrap">
        <Time at={one.updatedAt} />
      </Cell>
    </Row>
  );
}
