'use client';
import { ChevronLeft, ChevronRight, ScrollText } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { type ReactNode, useCallback, useState } from 'react';
import { sayError } from '@/app/_components/api/client';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';
import type { ChainDetail, Head } from '@/lib/schemas/chains';
import { NoSuchRecord } from './records/no-such-record';
import { RECORD_PARAMS, type RecordFilter, isFiltered } from './records/filter';
import { ChainRecordPanel } from './records/chain-record-panel';
import { RecordRows } from './records/record-rows';
import { RecordsToolbar } from './records/records-toolbar';
import { useFiltered } from './records/use-filtered';
import { useWindowed } from './records/use-windowed';

/** Browsers cap how tall a page can be: rows shown at once, the rest a step away. */
const STRETCH = 400_000;
type Open = { chain: ChainDetail; chosen: number | null; onOpen: (ordinal: number) => void };

/** The chain's records as they are in the lake, each with its integrity beside it. */
export function RecordsTab({ chain, heads }: { chain: ChainDetail /** Newest first. */; heads: readonly Head[] }) {
  const [{ q, decision, broken, ...places }, setParams] = useQueryStates(RECORD_PARAMS, { history: 'replace' });
  const filter = { q, decision, broken };
  const present = (ordinal: number | null): number | null =>
    ordinal !== null && ordinal >= 0 && ordinal < chain.records ? ordinal : null;
  const [record, at] = [present(places.record), present(places.at)];
  const lost = [places.record, places.at].find((ordinal) => ordinal !== present(ordinal)) ?? null;
  const onOpen = useCallback((ordinal: number | null) => void setParams({ record: ordinal }), [setParams]);
  if (chain.records === 0) {
    return (
      <div className="card">
        {lost !== null && <NoSuchRecord chain={chain} heads={heads} ordinal={lost} />}
        <Empty icon={<ScrollText size={20} />} title="No records in this log">
          The file is stored as evidence, but holds no line that is a record.
        </Empty>
      </div>
    );
  }
  const open = { chain, chosen: record, onOpen };
  return (
    <div className="card overflow-hidden">
      {lost !== null && <NoSuchRecord chain={chain} heads={heads} ordinal={lost} />}
      <RecordsToolbar chain={chain} filter={filter} set={(params, options) => void setParams(params, options)} />
      {isFiltered(filter) ? <Filtered {...open} filter={filter} /> : <Everything {...open} at={at ?? record} />}
      <ChainRecordPanel chainId={chain.id} ordinal={record} records={chain.records} onMove={onOpen} />
    </div>
  );
}

function Everything({ chain, chosen, onOpen, at }: Open & { at: number | null }) {
  const [base, setBase] = useState(() => stretchOf(at ?? 0));
  const [followed, setFollowed] = useState(at);
  if (at !== followed) {
    setFollowed(at);
    if (at !== null) setBase(stretchOf(at));
  }
  const source = useWindowed(chain.id, base, chain.progress.loaded);
  const count = Math.max(0, Math.min(STRETCH, chain.records - base));
  const waiting = chain.records - chain.progress.loaded;
  return (
    <>
      <RecordRows
        source={source}
        count={count}
        base={base}
        scrollTo={at === null ? null : at - base}
        chosen={chosen}
        onOpen={onOpen}
      />
      <Foot error={source.error}>
        {waiting > 0
          ? `${formatNoun(waiting, 'record')} still being made searchable`
          : `${formatNoun(chain.records, 'record')}`}
        {chain.records > STRETCH && (
          <span className="flex items-center gap-1">
            <Button look="ghost" size="sm" disabled={base === 0} onClick={() => setBase(base - STRETCH)}>
              <ChevronLeft size={14} aria-hidden /> Earlier
            </Button>
            {formatCount(base)} – {formatCount(base + count - 1)}
            <Button
              look="ghost"
              size="sm"
              disabled={base + count >= chain.records}
              onClick={() => setBase(base + STRETCH)}
            >
              Later <ChevronRight size={14} aria-hidden />
            </Button>
          </span>
        )}
      </Foot>
    </>
  );
}

function Filtered({ chain, chosen, onOpen, filter }: Open & { filter: RecordFilter }) {
  const source = useFiltered(chain.id, filter, chain.progress.loaded);
  return (
    <>
      {source.total === 0 ? (
        <div className="grid h-[min(68dvh,46rem)] place-items-center">
          <Empty icon={<ScrollText size={20} />} title="No record matches">
            None of the {formatNoun(chain.records, 'record')} of this chain has all of this. Clear the search or the
            filters above.
          </Empty>
        </div>
      ) : (
        <RecordRows source={source} count={source.count} base={null} scrollTo={null} chosen={chosen} onOpen={onOpen} />
      )}
      <Foot error={source.error}>
        {source.total === null
          ? 'Looking…'
          : `${formatCount(source.total)} of ${formatNoun(chain.records, 'record')} match`}
      </Foot>
    </>
  );
}

function Foot({ error, children }: { error: unknown; children: ReactNode }) {
  return (
    <div
      aria-live="polite"
      className="flex min-h-9 items-center justify-between gap-3 border-t px-4 text-xs text-muted tabular"
    >
      {error ? <span className="text-v-tampered">Records could not be read. {sayError(error)}</span> : children}
    </div>
  );
}

function stretchOf(ordinal: number): number {
  return Math.floor(ordinal / STRETCH) * STRETCH;
}
