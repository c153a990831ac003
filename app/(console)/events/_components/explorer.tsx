'use client';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo, useState } from 'react';
import { ColumnMenu } from '@/app/_components/explorer/column-menu';
import { EventPanel } from '@/app/_components/explorer/event-panel';
import { ExplorerFrame, TableFoot } from '@/app/_components/explorer/explorer-frame';
import { LiveButton } from '@/app/_components/explorer/live-button';
import { FoundOrFailed, NothingFound } from '@/app/_components/explorer/not-found';
import { orderWords, sortOf } from '@/app/_components/explorer/order';
import { RecordTable } from '@/app/_components/explorer/record-table';
import { EVENT_PARAMS, readPlace, spanOf } from '@/app/_components/explorer/span';
import { SpanPicker } from '@/app/_components/explorer/span-picker';
import { useRun } from '@/app/_components/explorer/use-run';
import { keyOf } from '@/app/_components/explorer/asked';
import { ViewsMenu } from '@/app/_components/explorer/views-menu';
import { useColumns } from '@/app/_components/explorer/use-columns';
import { formatNoun } from '@/app/_components/format/number';
import { useNow } from '@/app/_components/time/zone';
import type { EventSort } from '@/lib/core/event/table-columns';
import { toggleTerm } from '@/lib/core/search/edit';
import type { TableColumn } from '@/lib/schemas/preferences';
import type { ViewSearch } from '@/lib/schemas/views';
import { useEvents } from './use-events';

const NEWEST: EventSort = '-recorded_at';

/** What the address says is seen, and what changes it. A range that ends now moves when it is asked for again, and while live; not under the eyes of who reads. */
function useAddress(live: boolean) {
  const [{ q, record, period, columns, view, sort, from: begin, to: end }, setParams] = useQueryStates(EVENT_PARAMS, {
    history: 'push',
  });
  const now = useNow();
  const [at, setAt] = useState(now);
  const moving = live ? now : at;
  const span = useMemo(() => spanOf({ period, from: begin, to: end }, moving), [period, begin, end, moving]);
  const { from, to } = span;
  const asked = useMemo(() => ({ q, from, to }), [q, from, to]);
  const ask = useCallback(
    (next: Parameters<typeof setParams>[0] & object) => {
      setAt(Date.now());
      void setParams({ ...next, record: null });
    },
    [setParams],
  );
  const search = useCallback((next: string) => ask({ q: next || null }), [ask]);
  return {
    record,
    view,
    columns,
    sort: sortOf(sort, NEWEST),
    setSort: useCallback((next: EventSort) => ask({ sort: next === NEWEST ? null : next }), [ask]),
    span,
    asked,
    search,
    setSpan: ask,
    zoom: useCallback((from: string, to: string) => ask({ period: null, from, to }), [ask]),
    choose: useCallback(
      (field: string, value: string, as: 'in' | 'out') => search(toggleTerm(q, field, value, as)),
      [q, search],
    ),
    open: useCallback(
      (next: Parameters<typeof keyOf>[0] | null) =>
        void setParams({ record: next && keyOf(next) }, { history: 'replace' }),
      [setParams],
    ),
    rename: useCallback((names: string[] | null) => void setParams({ columns: names }), [setParams]),
    openView: useCallback((id: string | null) => void setParams({ view: id }), [setParams]),
  };
}

/** Every record of every chain: searched, counted over time and by the values of fields, read one by one. What is shown is in the address. */
export function Explorer({
  liked,
}: {
  /** The person's columns, where they chose any. */ liked: TableColumn[] | null;
}) {
  const [live, setLive] = useState(false);
  const { record, view, span, asked, search, setSpan, zoom, choose, open, openView, sort, setSort, ...address } =
    useAddress(live);
  const run = useRun(asked);
  const events = useEvents({ asked: { ...run.asked, ...span }, isStopped: run.isStopped }, sort, live);
  function follow(next: boolean): void {
    setLive(next);
    if (next && sort !== NEWEST) setSort(NEWEST);
  }
  function order(next: EventSort): void {
    setLive(false);
    setSort(next);
  }
  const columns = useColumns('events', liked, address.columns, address.rename);
  const shown: ViewSearch = {
    q: asked.q,
    period: span.key,
    from: span.key === null ? span.from : null,
    to: span.key === null ? span.to : null,
    columns: columns.columns.map(({ name }) => name),
    sort: sort === NEWEST ? null : sort,
  };
  return (
    <>
      <h1 className="sr-only">Events</h1>
      <ExplorerFrame
        run={run}
        isLooking={events.state === 'loading'}
        onSearch={search}
        onChoose={choose}
        onZoom={zoom}
        tools={
          <>
            <SpanPicker span={span} offered={span} onChange={setSpan} />
            <ViewsMenu open={view} shown={shown} onOpen={openView} />
            <LiveButton live={live} onChange={follow} />
          </>
        }
      >
        <RecordTable
          label="Records found"
          rows={events}
          columns={columns.columns}
          order={{ sort, onSort: order }}
          onColumns={columns.change}
          chosen={record}
          onOpen={open}
          nothing={
            <NothingFound of={events}>
              No record of this period has all of this. Take away a part of the search, or choose a longer period.
              Records that state no time are in none: they are on the page of their chain.
            </NothingFound>
          }
        />
        <TableFoot tools={<ColumnMenu {...columns} />}>
          <FoundOrFailed of={events}>
            {`${formatNoun(events.items.length, 'record')} shown, ${orderWords(sort)}${events.hasMore ? ', more below' : ''}`}
          </FoundOrFailed>
        </TableFoot>
      </ExplorerFrame>
      <EventPanel record={readPlace(record)} items={events.items} onMove={open} onChoose={choose} />
    </>
  );
}
