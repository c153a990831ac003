'use client';
import { type ReactNode, useRef } from 'react';
import type { ChooseValue } from '@/app/_components/record/record-facts';
import { useKey } from '@/app/_components/ui/use-key';
import { EventHistogram, Facets } from '@/lib/schemas/browser/events';
import { useJson } from '@/app/_components/api/use-json';
import { eventsPath } from './asked';
import { ExportMenu } from './export-menu';
import { FacetList, facetsPath } from './facet-list';
import { SlowSearch } from './slow-search';
import type { Run } from './use-run';
import { KeysDialog } from './keys-dialog';
import { SearchBar } from './search-bar';
import { Timeline } from './timeline';

type Props = {
  run: Run;
  /** What is counted again when it changes. */
  renew?: number;
  /** Whether the chart over time is shown in a low window only when it is asked for: other pictures say the same. */
  foldsChart?: boolean;
  /** Whether records are being looked for. */
  isLooking: boolean;
  onSearch: (q: string) => void;
  onChoose: ChooseValue;
  onZoom: (from: string, to: string) => void;
  /** Beside the search. */
  tools: ReactNode;
  /** The table and its foot. */
  children: ReactNode;
};

/** Records that are searched, counted over time and by the values of fields, and read one by one. */
export function ExplorerFrame({
  run,
  renew = 0,
  foldsChart = false,
  isLooking,
  onSearch,
  onChoose,
  onZoom,
  tools,
  children,
}: Props) {
  const { asked, isStopped } = run;
  const figures = useJson(EventHistogram, isStopped ? null : eventsPath('/histogram', asked), renew);
  const facets = useJson(Facets, isStopped ? null : facetsPath(asked), renew);
  const isRunning = isLooking || figures.state === 'loading' || facets.state === 'loading';
  const bar = useRef<HTMLInputElement>(null);
  useKey((event) => {
    if (event.key !== '/') return;
    event.preventDefault();
    bar.current?.focus();
  });
  return (
    <>
      <div className="no-print mb-2 flex flex-wrap items-start gap-2">
        <SearchBar input={bar} q={asked.q} asked={asked} onSearch={onSearch} />
        {tools}
        <ExportMenu asked={asked} found={figures.state === 'ready' ? figures.value.total : null} />
      </div>
      <Timeline
        asked={asked}
        loaded={figures}
        slow={<SlowSearch run={run} isRunning={isRunning} />}
        folds={foldsChart}
        onZoom={onZoom}
      />
      <div className="mt-2 grid items-start gap-3 lg:grid-cols-[14rem_minmax(0,1fr)]">
        <FacetList asked={asked} loaded={facets} onChoose={onChoose} />
        <div className="card min-w-0 overflow-hidden">{children}</div>
      </div>
      <KeysDialog />
    </>
  );
}

/** What stands below the table: how many are shown, or why none; and what can be done with the table. */
export function TableFoot({ children, tools }: { children: ReactNode; tools: ReactNode }) {
  return (
    <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-3 border-t px-4 text-xs text-muted tabular">
      <div aria-live="polite" className="flex flex-wrap items-center gap-x-3">
        {children}
      </div>
      <div className="no-print flex items-center">{tools}</div>
    </div>
  );
}
