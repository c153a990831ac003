'use client';
import { clsx } from 'clsx';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useRef } from 'react';
import { useOneTabStop } from '@/app/_components/list/use-one-tab-stop';
import { goToRow } from '@/app/_components/record/go-to-row';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { useKey } from '@/app/_components/ui/use-key';
import { useNarrow } from '@/app/_components/ui/use-narrow';
import { type Box, GapRow, GroupRow } from './group-row';
import { type LineRow, isDated } from './line-rows';
import type { Cited } from './cited';
import { StepRow } from './step-row';
import { type Line, keyOf } from './use-line';

const MOST_HIGH = 'min(72dvh, 52rem)';
const STEP_PX = 34;
const CARD_PX = 62;
const GROUP_PX = 34;
/** A longer gap is drawn taller, up to this. */
const GAP_PX = { least: 36, most: 72 } as const;

type Props = {
  line: Line;
  /** Where the step of the address stands. */
  place: { position: number; key: string } | null;
  chosen: string | null;
  cited: Cited;
  onChoose: (step: string, open: boolean) => void;
};

/** The line: only what is in view exists. J, K and arrows go from step to step, Enter opens one. */
export function LineList(props: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  useOneTabStop(scroller, '[data-row]');
  const { rows, groups, isReady, error } = props.line;
  const virtual = useRows(scroller, props);
  const scrollTo = (position: number) => virtual.scrollToIndex(rows.rowOf(position), { align: 'auto' });
  const { line, place, chosen } = props;
  useKey((event) => {
    if ((event.key !== 'j' && event.key !== 'k') || scroller.current?.contains(document.activeElement)) return;
    const start = line.positionOf(chosen) ?? place?.position ?? 0;
    event.preventDefault();
    scrollTo(start);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${start}"] button`)?.focus());
  });
  return (
    <div
      ref={scroller}
      data-scroller
      role="list"
      aria-label="Steps in order"
      aria-busy={!isReady}
      tabIndex={0}
      onKeyDown={(event) => goToRow(event, rows.steps, scrollTo)}
      className={clsx(
        'min-h-12 overflow-y-auto overscroll-contain text-sm outline-none',
        !isReady && groups !== null && 'opacity-60',
      )}
      style={{
        height: groups === null || rows.count === 0 ? MOST_HIGH : `min(${MOST_HIGH}, ${virtual.getTotalSize()}px)`,
      }}
    >
      {groups === null ? (
        <Waiting isFailed={Boolean(error)} />
      ) : rows.count === 0 ? (
        <p role="listitem" className="px-4 py-10 text-center text-muted">
          No step of the session stands out in this way.
        </p>
      ) : (
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, size }) => (
            <Row key={index} row={rows.at(index)} box={{ top: start, height: size }} {...props} />
          ))}
        </div>
      )}
    </div>
  );
}

/** The rows in view; reads their steps, and brings the one of the address into the middle. */
function useRows(scroller: RefObject<HTMLDivElement | null>, { line: { rows, need }, place }: Props) {
  const narrow = useNarrow();
  const heightOf = (row: LineRow | null): number => {
    if (row?.kind === 'gap') return gapHeight(row.seconds);
    return row?.kind === 'group' ? GROUP_PX : narrow ? CARD_PX : STEP_PX;
  };
  // oxlint-disable-next-line react/incompatible-library -- nothing it returns is handed to a memoized component
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: (row) => heightOf(rows.at(row)),
    overscan: 10,
  });
  useEffect(() => virtual.measure(), [narrow, rows, virtual]);
  const positions = virtual.getVirtualItems().flatMap(({ index }) => {
    const row = rows.at(index);
    return row?.kind === 'step' ? [row.position] : [];
  });
  const [first, last] = [positions[0], positions.at(-1)];
  useEffect(() => {
    if (first !== undefined && last !== undefined) need(first, last);
  }, [first, last, need]);
  const moved = useRef<Props['place']>(null);
  useEffect(() => {
    if (!place || moved.current === place) return; // the line is not moved again when it grows
    moved.current = place;
    scroller.current?.closest('section')?.scrollIntoView();
    virtual.scrollToIndex(rows.rowOf(place.position), { align: 'center' });
  }, [place, rows, virtual, scroller]);
  return virtual;
}

function Row({ row, box, line, chosen, cited, onChoose }: Props & { row: LineRow | null; box: Box }) {
  if (!row) return null;
  if (row.kind === 'gap') return <GapRow seconds={row.seconds} box={box} />;
  if (row.kind === 'group') return <GroupRow group={row.group} findings={cited.within(row.group)} box={box} />;
  const step = line.steps.get(row.position);
  const key = step && keyOf(step);
  return (
    <StepRow
      position={row.position}
      total={line.rows.steps}
      top={box.top}
      height={box.height}
      step={step ?? null}
      isDated={isDated(row.group)}
      isChosen={key !== undefined && key === chosen}
      findings={step ? cited.of(step) : NONE}
      onChoose={onChoose}
    />
  );
}

const NONE: never[] = [];

function gapHeight(seconds: number): number {
  const { least, most } = GAP_PX;
  return Math.round(Math.min(most, least + 6 * Math.log2(Math.max(1, seconds / 300))));
}

/** Below the line it says why they did not come. */
function Waiting({ isFailed }: { isFailed: boolean }) {
  if (isFailed)
    return (
      <p role="listitem" className="px-4 py-10 text-center text-muted">
        The steps of this session were not read.
      </p>
    );
  return (
    <div role="listitem" className="space-y-3 p-4">
      {Array.from({ length: 16 }, (_, index) => (
        <Skeleton key={index} className="h-4" />
      ))}
    </div>
  );
}
