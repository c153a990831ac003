'use client';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, Suspense, lazy } from 'react';
import { formatCount } from '../format/number';
import { Button } from '../ui/button';
import { SidePanel } from '../ui/dialog';
import type { ChooseValue } from './record-facts';
import type { OpenRecord } from './record-neighbours';
import { placeWords, useRecord } from './use-record';

const RecordView = lazy(() => import('./record-view').then((loaded) => ({ default: loaded.RecordView })));

/** One record beside the list it comes from. J and K go on and back, where `move` says how. */
export function RecordPanel({
  record,
  title,
  above,
  move,
  onClose,
  onChoose,
  onOpen,
}: {
  /** Null while it is closed. */
  record: { chainId: string; ordinal: number } | null;
  title: string;
  above?: ReactNode;
  move: { back: (() => void) | null; on: (() => void) | null };
  onClose: () => void;
  onChoose?: ChooseValue;
  onOpen?: OpenRecord;
}) {
  const loaded = useRecord(record);
  function onKey(event: KeyboardEvent<HTMLElement>): void {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'j') move.on?.();
    if (event.key === 'k') move.back?.();
  }
  return (
    <SidePanel
      open={record !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={title}
      description={placeWords(loaded, formatCount)}
      onKeyDown={onKey}
      tools={
        <>
          <Button
            look="ghost"
            size="icon"
            aria-label="Record before (K)"
            disabled={!move.back}
            onClick={() => move.back?.()}
          >
            <ChevronUp size={16} aria-hidden />
          </Button>
          <Button
            look="ghost"
            size="icon"
            aria-label="Record after (J)"
            disabled={!move.on}
            onClick={() => move.on?.()}
          >
            <ChevronDown size={16} aria-hidden />
          </Button>
        </>
      }
    >
      {above}
      <Suspense fallback={null}>
        <RecordView loaded={loaded} {...(onChoose && { onChoose })} {...(onOpen && { onOpen })} />
      </Suspense>
    </SidePanel>
  );
}
