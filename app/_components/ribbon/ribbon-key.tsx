import type { Head, Problem, Segment } from '@/lib/schemas/chains';
import { formatInstant } from '../format/instant';
import { formatNoun } from '../format/number';
import { useZone } from '../time/zone';
import { SealSolid } from '../verdict/icons';
import { GHOST } from './ghost-label';
import type { RibbonLayout } from './layout';

/** What is drawn, in words: only of what this ribbon shows. */
export function RibbonKey({ layout, heads }: { layout: RibbonLayout<Segment, Problem, Head>; heads: readonly Head[] }) {
  const zone = useZone();
  const newest = heads.toSorted((a, b) => b.observedAt.localeCompare(a.observedAt))[0];
  return (
    <figcaption className="mx-3 mt-2 flex flex-wrap items-center gap-x-5 gap-y-1 text-xs text-muted">
      {layout.segments.length > 0 && <span>{formatNoun(layout.segments.length, 'segment')}</span>}
      {layout.tail && <span>hatched: open, {formatNoun(layout.tail.part.records, 'record')} in no segment yet</span>}
      {layout.seals.length > 0 && (
        <span className="inline-flex items-center gap-1.5">
          <SealSolid size={14} className="text-seal" /> signed
        </span>
      )}
      {newest && (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-3 w-px bg-ink" /> {formatNoun(heads.length, 'head')} witnessed, last{' '}
          {formatInstant(newest.observedAt, zone)}
        </span>
      )}
      {layout.ghost && (
        <span className="text-v-truncated">
          {formatNoun(layout.ghost.records, 'record')} {GHOST[layout.ghost.state].long}
        </span>
      )}
      {layout.open && !layout.tail && <span>torn edge: not signed up to here, may still grow</span>}
    </figcaption>
  );
}
