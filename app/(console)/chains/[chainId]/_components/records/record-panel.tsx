'use client';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { sayError } from '@/app/_components/api/client';
import { useJson } from '@/app/_components/api/use-json';
import { formatCount } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import { SidePanel } from '@/app/_components/ui/dialog';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { RecordDetail } from '@/lib/schemas/chains';
import { ProveRecord } from './prove-record';
import { RecordFacts } from './record-facts';
import { RecordProof } from './record-proof';
import { RecordRaw } from './record-raw';

type Props = { chainId: string; ordinal: number | null; records: number; onMove: (ordinal: number | null) => void };

/** One record beside the table: what is wrong with it, what it claims, and its bytes. J and K go on and back. */
export function RecordPanel({ chainId, ordinal, records, onMove }: Props) {
  // keeps showing the last one while the panel closes
  const [shown, setShown] = useState(ordinal);
  if (ordinal !== null && ordinal !== shown) setShown(ordinal);
  const at = ordinal ?? shown ?? 0;
  const loaded = useJson(RecordDetail, ordinal === null ? null : `/api/v1/chains/${chainId}/records/${ordinal}`);
  const move = (by: number): void => {
    if (at + by >= 0 && at + by < records) onMove(at + by);
  };
  function onKey(event: KeyboardEvent<HTMLElement>): void {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'j') move(1);
    if (event.key === 'k') move(-1);
  }
  return (
    <SidePanel
      open={ordinal !== null}
      onOpenChange={(open) => {
        if (!open) onMove(null);
      }}
      title={`Record ${formatCount(at)}`}
      description={
        loaded.state === 'ready'
          ? `line ${formatCount(loaded.value.line)}, byte ${formatCount(loaded.value.byteOffset)}, ${formatCount(loaded.value.byteLength)} bytes long`
          : 'Reading it from evidence'
      }
      onKeyDown={onKey}
      tools={
        <>
          <Button look="ghost" size="icon" aria-label="Record before (K)" disabled={at <= 0} onClick={() => move(-1)}>
            <ChevronUp size={16} aria-hidden />
          </Button>
          <Button
            look="ghost"
            size="icon"
            aria-label="Record after (J)"
            disabled={at >= records - 1}
            onClick={() => move(1)}
          >
            <ChevronDown size={16} aria-hidden />
          </Button>
        </>
      }
    >
      <div className="space-y-5 p-4">
        {loaded.state === 'loading' && (
          <>
            <Skeleton className="h-28" />
            <Skeleton className="h-40" />
            <Skeleton className="h-72" />
          </>
        )}
        {loaded.state === 'failed' && (
          <p role="alert">
            This record could not be shown. <span className="text-muted">{sayError(loaded.error)}</span>
          </p>
        )}
        {loaded.state === 'ready' && (
          <>
            <RecordProof record={loaded.value} />
            <ProveRecord record={loaded.value} />
            <RecordFacts record={loaded.value} />
            <RecordRaw raw={loaded.value.raw} cut={loaded.value.byteLength > 1024 * 1024} />
          </>
        )}
      </div>
    </SidePanel>
  );
}
