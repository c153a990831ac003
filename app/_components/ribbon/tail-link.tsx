import { PencilLine } from 'lucide-react';
import type { Tail } from '@/lib/schemas/chains';
import { formatBytes } from '../format/bytes';
import { formatInstant } from '../format/instant';
import { formatNoun } from '../format/number';
import { useZone } from '../time/zone';
import type { RibbonPart } from './layout';
import { PartLink, recordsOf } from './part-link';

/** The open end of a ribbon: names what it holds and since when, and goes to its row. */
export function TailLink({ chainId, tail, part }: { chainId: string; tail: Tail; part: RibbonPart }) {
  const since = `since ${formatInstant(tail.openedAt, useZone())}`;
  const records = recordsOf(part, 'no whole record yet');
  return (
    <PartLink
      href={`/chains/${chainId}?tab=segments#segment-open`}
      label={`Open segment, ${records}, ${formatBytes(tail.bytes)}, open ${since}, not signed`}
      title={
        <>
          <PencilLine size={14} aria-hidden />
          Open {since}
        </>
      }
      records={records}
    >
      <p className="max-w-64 text-muted">
        {formatNoun(part.records, 'record')}, {formatBytes(tail.bytes)}, checked; no digest and no signature before it
        is closed
      </p>
    </PartLink>
  );
}
