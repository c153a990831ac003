import { Only } from '@/app/_components/access/role';
import { clsx } from 'clsx';
import { EyeOff } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import { formatCount } from '@/app/_components/format/number';
import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time } from '@/app/_components/time/time';
import { ButtonLink } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';
import { PageHead } from '@/app/_components/ui/page-head';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { page } from '@/app/_server/page';
import { suppressionChanges } from '@/lib/detect/suppressions/changes';
import { listSuppressions } from '@/lib/detect/suppressions/suppressions';
import { type Suppression, SuppressionSort, SuppressionState } from '@/lib/schemas/suppressions';
import { found, idOf, pageOf } from '../../found';
import { type Search, one } from '../../params';
import { EditSuppression, type Edited } from './_components/edit-suppression';
import { EndSuppression } from './_components/end-suppression';
import { SuppressionChanges } from './_components/suppression-changes';

export const metadata = { title: 'Suppressions' };
const PATH = '/findings/suppressions';
const PAGE = 100;
const STATE_WORDS: Record<SuppressionState, string> = { active: 'Active', ended: 'Ended', expired: 'Expired' };

/** What hides findings, until when and why, and how many it hides now. */
export default async function SuppressionsPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const state = SuppressionState.options.find((known) => known === one(params['state']));
  const named = one(params['changes']);
  const cursor = one(params['cursor']);
  const sort = SuppressionSort.safeParse(one(params['sort'])).data ?? '-created';
  const [{ items, nextCursor, total = 0 }, changes] = await Promise.all([
    pageOf((at) => listSuppressions(ctx, { state: state && [state], sort, limit: PAGE, cursor: at }), cursor),
    named === undefined ? null : found(suppressionChanges(ctx, { suppressionId: idOf(named) })),
  ]);
  const hrefOf = (more: Readonly<Record<string, string | undefined>>): string => {
    const query = Object.entries({ state, sort: sort === '-created' ? undefined : sort, cursor, ...more }).filter(
      (pair): pair is [string, string] => !!pair[1],
    );
    return query.length === 0 ? PATH : `${PATH}?${new URLSearchParams(query)}`;
  };
  return (
    <>
      <PageHead
        title="Suppressions"
        lead="Sigma filters that hide findings until they expire. What they hide is found and kept as all else is, and is in the queue again once they end."
        actions={<ButtonLink href="/findings">Findings</ButtonLink>}
      />
      <nav aria-label="Suppressions by state" className="no-print mb-3">
        <ul className="flex gap-1 text-xs">
          {[undefined, ...SuppressionState.options].map((each) => (
            <li key={each ?? 'any'}>
              <Link
                href={hrefOf({ state: each, cursor: undefined })}
                aria-current={each === state ? 'true' : undefined}
                className={clsx(
                  'flex h-8 items-center px-2 whitespace-nowrap',
                  each === state ? 'font-medium text-ink underline underline-offset-4' : 'text-muted hover:text-ink',
                )}
              >
                {each ? STATE_WORDS[each] : 'Any state'}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {changes && <SuppressionChanges {...changes} hrefBack={hrefOf({})} />}
      <div className="card">
        {items.length === 0 ? (
          <Empty
            icon={<EyeOff size={20} />}
            title={state ? 'No suppression of this state' : 'Nothing is suppressed'}
            actions={<ButtonLink href="/findings">Findings</ButtonLink>}
          >
            <p>Select findings that are known to be harmless in the queue, and suppress what they have in common.</p>
          </Empty>
        ) : (
          <Suppressions items={items} sort={sort} hrefOfChanges={(id) => hrefOf({ changes: id })} />
        )}
      </div>
      {items.length > 0 && (
        <ListFoot
          shown={items.length}
          total={total}
          noun="suppression"
          order={sort === '-created' ? 'newest first' : undefined}
          {...pageLinks(PATH, params, nextCursor)}
        />
      )}
    </>
  );
}

type HrefOf = (suppressionId: string) => string;

function Suppressions({
  items,
  sort,
  hrefOfChanges,
}: {
  items: readonly Suppression[];
  sort: SuppressionSort;
  hrefOfChanges: HrefOf;
}) {
  return (
    <Table label="Suppressions">
      <Head>
        <SortHead by="title" sort={sort}>
          Suppression
        </SortHead>
        <HeadCell>Rules</HeadCell>
        <SortHead by="state" sort={sort}>
          State
        </SortHead>
        <SortHead by="hides" sort={sort} isDownFirst numeric>
          Hides now
        </SortHead>
        <SortHead by="created" sort={sort} isDownFirst>
          Made
        </SortHead>
        <SortHead by="ends" sort={sort} isDownFirst>
          Ends
        </SortHead>
        <HeadCell>
          <span className="sr-only">Acts</span>
        </HeadCell>
      </Head>
      <Body>
        {items.map((one) => (
          <SuppressionRow key={one.id} one={one} hrefOfChanges={hrefOfChanges} />
        ))}
      </Body>
    </Table>
  );
}

function SuppressionRow({ one, hrefOfChanges }: { one: Suppression; hrefOfChanges: HrefOf }) {
  return (
    <Row>
      <RowHead className="align-top [overflow-wrap:anywhere]">
        <div className="min-w-0">
          {one.title}
          <Versions one={one} hrefOfChanges={hrefOfChanges} />
          <span className="block font-normal whitespace-pre-line text-muted">{one.reason}</span>
          <details className="font-normal">
            <summary className="link inline-block min-h-6 cursor-pointer text-xs">Its filter</summary>
            <pre
              tabIndex={0}
              aria-label={`Filter of ${one.title}`}
              className="max-h-60 overflow-auto py-1 font-mono text-xs whitespace-pre-wrap"
            >
              {one.yaml}
            </pre>
          </details>
        </div>
      </RowHead>
      <Cell label="Rules" className="align-top">
        {one.rules.map(({ id, title }) => (
          <Link key={id} href={`/rules/${id}`} className="link block min-h-6">
            {title}
          </Link>
        ))}
      </Cell>
      <Cell label="State" className="align-top">
        {STATE_WORDS[one.state]}
      </Cell>
      <Cell label="Hides now" numeric className="align-top">
        {one.hides > 0 ? (
          <Link className="link inline-block min-h-6 min-w-6" href={`/findings?suppression=${one.id}`}>
            {formatCount(one.hides)}
          </Link>
        ) : (
          formatCount(one.hides)
        )}
      </Cell>
      <Cell label="Made" className="align-top">
        <Time at={one.createdAt} /> by {one.createdBy}
      </Cell>
      <Cell label="Ends" className="align-top">
        {one.ended ? (
          <>
            <Time at={one.ended.at} /> by {one.ended.by}
          </>
        ) : (
          <Time at={one.expiresAt} />
        )}
      </Cell>
      <Cell label="Acts" className="align-top">
        {one.replacedById === null && (
          <span className="flex flex-wrap justify-end gap-1">
            <Only need="analyst">
              <EditSuppression suppression={editedOf(one)} />
              {one.state === 'active' && <EndSuppression id={one.id} title={one.title} />}
            </Only>
          </span>
        )}
      </Cell>
    </Row>
  );
}

/** Which version it is, which it replaced, and which replaced it, each with what that changed. */
function Versions({ one, hrefOfChanges }: { one: Suppression; hrefOfChanges: HrefOf }) {
  if (one.version === 1 && one.replacedById === null) return null;
  const link = (id: string, words: string) => (
    <Link className="link inline-flex min-h-6 items-center" href={hrefOfChanges(id)} prefetch={false}>
      {words}
    </Link>
  );
  return (
    <span className="flex flex-wrap items-center gap-x-3 text-xs font-normal text-muted">
      <span>Version {one.version}</span>
      {one.version > 1 && link(one.id, `replaced version ${one.version - 1}`)}
      {one.replacedById !== null && link(one.replacedById, `replaced by version ${one.version + 1}`)}
    </span>
  );
}

/** What is edited of it. */
function editedOf({ id, version, title, reason, yaml, expiresAt, state }: Suppression): Edited {
  return { id, version, title, reason, yaml, expiresAt, state };
}
