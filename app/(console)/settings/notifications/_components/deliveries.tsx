import { Only } from '@/app/_components/access/role';
import { Send } from 'lucide-react';
import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Empty } from '@/app/_components/ui/empty';
import { Body, Cell, Head, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { Page } from '@/lib/schemas/common';
import type { Delivery, DeliverySort } from '@/lib/schemas/notifications';
import { RetryDelivery } from './retry-delivery';
import { MESSAGE, STATE } from './words';

const PATH = '/settings/notifications';

/** Messages with their attempts. */
export function Deliveries({
  page,
  sort,
  search,
}: {
  page: Page<Delivery>;
  sort: DeliverySort;
  search: Readonly<Record<string, string | string[] | undefined>>;
}) {
  const { items, nextCursor, total = items.length } = page;
  return (
    <Card title="Delivery log" flush>
      {items.length === 0 ? (
        <Empty icon={<Send size={20} />} title="No messages yet">
          What is sent stands here for 30 days, with what was answered.
        </Empty>
      ) : (
        <>
          <Table label="Delivery log">
            <Head>
              <SortHead by="created" sort={sort} isDownFirst>
                Time
              </SortHead>
              <SortHead by="message" sort={sort}>
                Message
              </SortHead>
              <SortHead by="destination" sort={sort}>
                To
              </SortHead>
              <SortHead by="state" sort={sort}>
                State
              </SortHead>
              <HiddenHeadCell>Actions</HiddenHeadCell>
            </Head>
            <Body>
              {items.map((delivery) => (
                <DeliveryRow key={delivery.id} delivery={delivery} />
              ))}
            </Body>
          </Table>
          <div className="px-4 pb-3">
            <ListFoot
              shown={items.length}
              total={total}
              noun="message"
              order={sort === '-created' ? 'newest first' : undefined}
              {...pageLinks(PATH, search, nextCursor)}
            />
          </div>
        </>
      )}
    </Card>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { createdAt, kind, title, destination, state, nextTryAt, tries } = delivery;
  return (
    <Row>
      <RowHead className="whitespace-nowrap">
        <Time at={createdAt} as="second" />
      </RowHead>
      <Cell label="Message" className="[overflow-wrap:anywhere]">
        {title}
        <span className="block text-xs text-muted">{MESSAGE[kind]}</span>
      </Cell>
      <Cell label="To" className="[overflow-wrap:anywhere]">
        {destination}
      </Cell>
      <Cell label="State">
        <span className={state === 'failed' ? 'text-v-tampered' : undefined}>
          {state === 'failed' && kind === 'test' ? 'Did not arrive' : STATE[state]}
        </span>
        {nextTryAt && tries.length > 0 && (
          <span className="text-muted">
            , next try <Time at={nextTryAt} as="second" />
          </span>
        )}
        <Tries tries={tries} />
      </Cell>
      <Cell numeric>
        {state !== 'sent' && kind !== 'test' && (
          <Only need="administrator">
            <RetryDelivery id={delivery.id} title={title} />
          </Only>
        )}
      </Cell>
    </Row>
  );
}

function Tries({ tries }: { tries: Delivery['tries'] }) {
  const [last] = tries;
  if (!last) return null;
  return (
    <details className="text-xs text-muted">
      <summary className="min-h-6 cursor-pointer leading-6 hover:text-ink">
        {tries.length === 1 ? 'One attempt' : `${tries.length} attempts`}:{' '}
        {last.failure ?? `answered ${last.status ?? 'nothing'}`}
      </summary>
      <ol className="space-y-1 pb-1">
        {tries.map(({ at, status, failure, answer, durationMs }) => (
          <li key={at} className="[overflow-wrap:anywhere]">
            <Time at={at} as="second" />: {failure ?? `answered ${status ?? 'nothing'}`} after {durationMs} ms
            {answer && <code className="block font-mono whitespace-pre-wrap">{answer}</code>}
          </li>
        ))}
      </ol>
    </details>
  );
}
