'use client';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo, useRef, useState } from 'react';
import { RequestError, sayError } from '@/app/_components/api/client';
import { formatNoun } from '@/app/_components/format/number';
import { useNow } from '@/app/_components/time/zone';
import { useKey } from '@/app/_components/ui/use-key';
import { toggleTerm } from '@/lib/core/search/edit';
import { EventPanel } from './event-panel';
import { EventRows } from './event-rows';
import { ExportMenu } from './export-menu';
import { FacetList } from './facet-list';
import { KeysDialog } from './keys-dialog';
import { LiveButton } from './live-button';
import { SearchBar } from './search-bar';
import { EVENT_PARAMS, spanOf } from './span';
import { SpanPicker } from './span-picker';
import { Timeline } from './timeline';
import { useEvents } from './use-events';

/** Every record of every chain: searched, counted over time and by the values of fields, read one by one. What is shown is in the address. */
export function Explorer() {
  const [{ q, record, period, ...ends }, setParams] = useQueryStates(EVENT_PARAMS, { history: 'push' });
  const [live, setLive] = useState(false);
  const now = useNow();
  // A range that ends now moves when it is requested again, and while live; not under the eyes of who reads.
  const [at, setAt] = useState(now);
  const moving = live ? now : at;
  const { key, from, to } = useMemo(
    () => spanOf({ period, from: ends.from, to: ends.to }, moving),
    [period, ends.from, ends.to, moving],
  );
  const asked = useMemo(() => ({ q, from, to }), [q, from, to]);
  const events = useEvents(asked, live);
  const search = useCallback(
    (next: string) => {
      setAt(Date.now());
      void setParams({ q: next || null, record: null });
    },
    [setParams],
  );
  const setSpan = useCallback(
    (next: { period: string | null; from: string | null; to: string | null }) => {
      setAt(Date.now());
      void setParams({ ...next, record: null });
    },
    [setParams],
  );
  const open = useCallback(
    (next: string | null) => void setParams({ record: next }, { history: 'replace' }),
    [setParams],
  );
  const choose = useCallback(
    (field: string, value: string, as: 'in' | 'out') => search(toggleTerm(q, field, value, as)),
    [q, search],
  );
  const bar = useRef<HTMLInputElement>(null);
  useKey((event) => {
    if (event.key !== '/') return;
    event.preventDefault();
    bar.current?.focus();
  });
  return (
    <>
      <h1 className="sr-only">Events</h1>
      <div className="mb-3 flex flex-wrap items-start gap-2">
        <SearchBar input={bar} q={q} asked={asked} onSearch={search} />
        <SpanPicker span={{ key, from, to }} onChange={setSpan} />
        <LiveButton live={live} onChange={setLive} />
        <ExportMenu asked={asked} />
      </div>
      <Timeline asked={asked} onZoom={(begin, end) => setSpan({ period: null, from: begin, to: end })} />
      <div className="mt-3 grid items-start gap-3 lg:grid-cols-[14rem_minmax(0,1fr)]">
        <FacetList asked={asked} onChoose={choose} />
        <div className="card min-w-0 overflow-hidden">
          <EventRows events={events} chosen={record} onOpen={open} />
          <Foot events={events} />
        </div>
      </div>
      <KeysDialog />
      <EventPanel record={record} items={events.items} onMove={open} onChoose={choose} />
    </>
  );
}

/** How many are shown, or why none. What is wrong with the search is said where it is written. */
function Foot({ events: { state, items, cursor, error, retry } }: { events: ReturnType<typeof useEvents> }) {
  const isRefused = error instanceof RequestError && error.status === 400;
  return (
    <div
      aria-live="polite"
      className="flex min-h-9 items-center justify-between gap-3 border-t px-4 text-xs text-muted tabular"
    >
      {state === 'failed' && !isRefused ? (
        <span className="text-v-tampered">
          Records could not be read. {sayError(error)}{' '}
          <button type="button" className="link" onClick={retry}>
            Try again
          </button>
        </span>
      ) : (
        <span>
          {state === 'loading' ? 'Looking…' : `${formatNoun(items.length, 'record')} shown, newest first`}
          {cursor !== null && ', more below'}
        </span>
      )}
    </div>
  );
}
