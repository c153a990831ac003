'use client';
import { ScrollText } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { type ComponentProps, Suspense, lazy, useCallback, useMemo, useState } from 'react';
import { EventPanel } from '@/app/_components/explorer/event-panel';
import { ExplorerFrame } from '@/app/_components/explorer/explorer-frame';
import { type Asked, keyOf } from '@/app/_components/explorer/asked';
import { type Order, sortOf } from '@/app/_components/explorer/order';
import { spanOf } from '@/app/_components/explorer/span';
import { SpanPicker } from '@/app/_components/explorer/span-picker';
import { useRun } from '@/app/_components/explorer/use-run';
import { type Columns, useColumns } from '@/app/_components/explorer/use-columns';
import { useSettled } from '@/app/_components/time/use-settled';
import { useNow } from '@/app/_components/time/zone';
import { Empty } from '@/app/_components/ui/empty';
import type { EventSort } from '@/lib/core/event/table-columns';
import { toggleTerm } from '@/lib/core/search/edit';
import type { ChainDetail, Head } from '@/lib/schemas/chains';
import type { TableColumn } from '@/lib/schemas/preferences';
import { EveryRecord } from './records/every-record';
import { RECORD_PARAMS } from './records/filter';
import { RecordsTools } from './records/records-tools';
import { useInOrder } from './records/use-in-order';

/** While a chain grows, its figures are counted again this often at most. */
const COUNT_MS = 5_000;

type Props = {
  chain: ChainDetail;
  /** Newest first. */
  heads: readonly Head[];
  /** The person's columns, where they chose any. */
  liked: TableColumn[] | null;
};

/** The chain's records as they are in the lake, in their order, each with its integrity beside it: the explorer of one chain. */
export function RecordsTab({ chain, heads, liked }: Props) {
  const [{ record, at, sort, ...params }, setParams] = useQueryStates(RECORD_PARAMS, { history: 'push' });
  const present = (ordinal: number | null): number | null =>
    ordinal !== null && ordinal >= 0 && ordinal < chain.records ? ordinal : null;
  const lost = [record, at].find((ordinal) => ordinal !== present(ordinal)) ?? null;
  const rename = useCallback((columns: string[] | null) => void setParams({ columns }), [setParams]);
  const columns = useColumns('records', liked, params.columns, rename);
  const open = useCallback(
    (next: number | null) => void setParams({ record: next }, { history: 'replace' }),
    [setParams],
  );
  const onSort = useCallback(
    (next: EventSort) => void setParams({ sort: next === 'ordinal' ? null : next, at: null }),
    [setParams],
  );
  if (chain.records === 0)
    return (
      <div className="card">
        {lost !== null && <Lost chain={chain} heads={heads} ordinal={lost} />}
        <Empty icon={<ScrollText size={20} />} title="No records in this log">
          The file is stored as evidence, but holds no line that is a record.
        </Empty>
      </div>
    );
  return (
    <>
      {lost !== null && (
        <div className="card mb-3">
          <Lost chain={chain} heads={heads} ordinal={lost} />
        </div>
      )}
      <ChainExplorer
        chain={chain}
        columns={columns}
        place={{ record: present(record), at: present(at) }}
        params={params}
        order={{ sort: sortOf(sort, 'ordinal'), onSort }}
        onOpen={open}
        onChange={(next) => void setParams({ record: null, at: null, ...next })}
      />
    </>
  );
}

/** Of a search alone. */
const FoundRecords = lazy(() => import('./records/found-records').then((at) => ({ default: at.FoundRecords })));
const NoSuchRecord = lazy(() =>
  import('./records/no-such-record').then((loaded) => ({ default: loaded.NoSuchRecord })),
);

/** Loaded where an address names a record that is not there. */
function Lost(props: ComponentProps<typeof NoSuchRecord>) {
  return (
    <Suspense>
      <NoSuchRecord {...props} />
    </Suspense>
  );
}

type Params = { q: string; period: string | null; since: string | null; until: string | null };
type ExplorerProps = {
  chain: ChainDetail;
  columns: Columns;
  place: { record: number | null; at: number | null };
  params: Params;
  order: Order;
  onOpen: (ordinal: number | null) => void;
  onChange: (params: Partial<Omit<Params, 'q'>> & { q?: string | null; sort?: null; at?: number }) => void;
};

function ChainExplorer({ chain, columns, place: { record, at }, params, order, onOpen, onChange }: ExplorerProps) {
  const { q, period, since, until } = params;
  const now = useNow();
  const [openedAt, setOpenedAt] = useState(now);
  const span = useMemo(
    () => (period || (since && until) ? spanOf({ period, from: since, to: until }, openedAt) : null),
    [period, since, until, openedAt],
  );
  const asked: Asked = useMemo(
    () => ({ q, chain: chain.id, ...(span && { from: span.from, to: span.to }) }),
    [q, chain.id, span],
  );
  const sort = order.sort === 'ordinal' ? null : order.sort;
  const isWhole = q === '' && span === null && sort === null;
  const run = useRun(asked);
  const found = useInOrder(isWhole ? null : run.asked, sort, chain.progress.loaded, run.isStopped);
  const change: ExplorerProps['onChange'] = (next) => {
    setOpenedAt(Date.now());
    onChange(next);
  };
  const search = (next: string): void => change({ q: next || null });
  const choose = (field: string, value: string, as: 'in' | 'out') => search(toggleTerm(q, field, value, as));
  const chosen = record === null ? null : keyOf({ chainId: chain.id, ordinal: record });
  const listed = found.items.findIndex(({ ordinal }) => ordinal === record);
  return (
    <ExplorerFrame
      run={run}
      foldsChart
      isLooking={!isWhole && found.state === 'loading'}
      renew={useSettled(chain.progress.loaded, COUNT_MS)}
      onSearch={search}
      onChoose={choose}
      onZoom={(begin, end) => change({ period: null, since: begin, until: end })}
      tools={
        <>
          <SpanPicker
            span={span}
            whole="Whole chain"
            offered={offeredOf(chain, now)}
            onChange={({ from, to, ...next }) => change({ ...next, since: from, until: to })}
          />
          <RecordsTools
            q={q}
            records={chain.records}
            onSearch={search}
            onJump={(ordinal) => change({ q: null, period: null, since: null, until: null, sort: null, at: ordinal })}
          />
        </>
      }
    >
      {isWhole ? (
        <EveryRecord chain={chain} columns={columns} order={order} at={at ?? record} chosen={chosen} onOpen={onOpen} />
      ) : (
        <Suspense>
          <FoundRecords
            found={found}
            records={chain.records}
            columns={columns}
            order={order}
            chosen={chosen}
            onOpen={onOpen}
          />
        </Suspense>
      )}
      <EventPanel
        record={record === null ? null : { chainId: chain.id, ordinal: record }}
        items={found.items}
        neighbours={listed >= 0 || record === null ? undefined : neighboursOf(record, chain.records)}
        isOfChain
        onMove={(next) => onOpen(next === null ? null : next.ordinal)}
        onChoose={choose}
      />
    </ExplorerFrame>
  );
}

/** Times to begin with where a period is chosen: those of the chain. */
function offeredOf({ firstRecordedAt, lastRecordedAt }: ChainDetail, now: number): { from: string; to: string } {
  const today = new Date(now).toISOString();
  const last = lastRecordedAt ?? today;
  return {
    from: firstRecordedAt ?? today,
    to: new Date(Math.floor(Date.parse(last) / 1000) * 1000 + 1000).toISOString(),
  };
}

function neighboursOf(record: number, records: number): { back: number | null; on: number | null } {
  return { back: record > 0 ? record - 1 : null, on: record < records - 1 ? record + 1 : null };
}
