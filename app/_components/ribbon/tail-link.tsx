import { Tooltip } from '@base-ui/react/tooltip';
import { PencilLine } from 'lucide-react';
import Link from 'next/link';
import type { Tail } from '@/lib/schemas/chains';
import { formatBytes } from '../format/bytes';
import { formatInstant } from '../format/instant';
import { formatCount, formatNoun } from '../format/number';
import { useZone } from '../time/zone';
import type { RibbonPart } from './layout';

/** The open end of a ribbon: names what it holds and since when, and goes to its row. */
export function TailLink({ chainId, tail, part }: { chainId: string; tail: Tail; part: RibbonPart }) {
  const since = `since ${formatInstant(tail.openedAt, useZone())}`;
  const records =
    part.records === 0
      ? 'no whole record yet'
      : `records ${formatCount(part.firstRecord)} to ${formatCount(part.firstRecord + part.records - 1)}`;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        delay={150}
        render={<Link href={`/chains/${chainId}?tab=segments#segment-open`} />}
        aria-label={`Open segment, ${records}, ${formatBytes(tail.bytes)}, open ${since}, not signed`}
        className="block h-full rounded-[2px] hover:bg-ink/8"
      />
      <Tooltip.Portal>
        <Tooltip.Positioner side="bottom" sideOffset={8} className="z-60">
          <Tooltip.Popup role="tooltip" className="popup max-w-72 px-3 py-2 text-xs">
            <p className="flex items-center gap-1.5 font-medium">
              <PencilLine size={14} aria-hidden />
              Open {since}
            </p>
            <p className="mt-1 first-letter:uppercase">{records}</p>
            <p className="text-muted">
              {formatNoun(part.records, 'record')}, {formatBytes(tail.bytes)}, checked; no digest and no signature
              before it is closed
            </p>
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
