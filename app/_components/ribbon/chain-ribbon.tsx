'use client';
import { clsx } from 'clsx';
import { useState } from 'react';
import type { Chain, Head, Problem, Segment } from '@/lib/schemas/chains';
import { useZone } from '../time/zone';
import { useNarrow } from '../ui/use-narrow';
import { SealSolid } from '../verdict/icons';
import { ribbonAxis } from './axis';
import { GhostLabel } from './ghost-label';
import { type RibbonLayout, type RibbonScale, layoutRibbon } from './layout';
import { Pin } from './pin';
import { tailOf } from './mini-ribbon';
import { RibbonKey } from './ribbon-key';
import { ScaleToggle } from './scale-toggle';
import { SegmentLink } from './segment-link';
import { Strip } from './strip';
import { TailLink } from './tail-link';

type Props = {
  chain: Pick<Chain, 'id' | 'name' | 'records' | 'tail' | 'firstRecordedAt' | 'lastRecordedAt'>;
  segments: readonly Segment[];
  problems: readonly Problem[];
  heads: readonly Head[];
  height?: number;
  /** Leaves out the key and the toggle, for several ribbons on a page. */
  plain?: boolean;
  /** Puts them into the line of the axis, for a head that leaves the page to what is below it. */
  slim?: boolean;
};

/** The whole chain as a picture: segments as links, problems as pins, both lists to a screen reader. */
export function ChainRibbon({ chain, segments, problems, heads, height = 36, plain = false, slim = false }: Props) {
  const zone = useZone();
  const narrow = useNarrow();
  const [wanted, setWanted] = useState<RibbonScale>('records');
  const layout = layoutRibbon(
    { records: chain.records, segments, problems, heads, tail: tailOf(chain) },
    wanted,
    narrow ? 13 : 4,
  );
  const { tail } = layout;
  if (segments.length === 0 && !tail) return null;
  return (
    <figure aria-label={`Ribbon of ${chain.name}`} className="min-w-0">
      {!plain && !slim && <ScaleToggle value={layout.scale} onChange={setWanted} />}
      <div className={clsx('mx-3', slim && layout.pins.length === 0 && 'pt-2')}>
        {layout.pins.length > 0 && <Pins chain={chain} pins={layout.pins} />}
        <div className="relative">
          <Strip layout={layout} height={height} detailed />
          <ol aria-label="Segments" className="absolute inset-x-0 top-0" style={{ height }}>
            {layout.links.map(({ x, width, segments: linked }) => (
              <li key={linked[0]?.index} className="absolute inset-y-0" style={{ left: `${x}%`, width: `${width}%` }}>
                <SegmentLink chainId={chain.id} segments={linked} zone={zone} />
              </li>
            ))}
            {tail && layout.tailLink && chain.tail && (
              <li
                className="absolute inset-y-0"
                style={{ left: `${layout.tailLink.x}%`, width: `${layout.tailLink.width}%` }}
              >
                <TailLink chainId={chain.id} tail={chain.tail} part={tail.part} />
              </li>
            )}
          </ol>
          {layout.seals.map(({ x, width }) => (
            <span
              key={x}
              aria-hidden
              className="absolute -translate-x-full text-seal"
              style={{ left: `${x + width}%`, top: height - 8 }}
            >
              <SealSolid size={plain || slim ? 16 : 20} />
            </span>
          ))}
          {layout.ghost && <GhostLabel ghost={layout.ghost} height={height} />}
        </div>
        <Axis layout={layout} zone={zone} />
      </div>
      {!plain && !slim && <RibbonKey layout={layout} heads={heads} />}
      {slim && (
        <div className="flex flex-wrap items-start justify-between gap-x-4 [&>figcaption]:mt-0 [&>div]:mr-3 [&>div]:mb-0 [&>div]:border-0 [&>div]:p-0">
          <RibbonKey layout={layout} heads={heads} />
          <ScaleToggle value={layout.scale} onChange={setWanted} />
        </div>
      )}
    </figure>
  );
}

type Layout = RibbonLayout<Segment, Problem, Head>;

function Pins({ chain, pins }: { chain: Pick<Chain, 'id' | 'records'>; pins: Layout['pins'] }) {
  return (
    <ul aria-label="Problems" className="relative h-7">
      {pins.map(({ x, verdict, problems }) => (
        <li key={problems[0]?.byteOffset ?? x} className="absolute top-0 -translate-x-1/2" style={{ left: `${x}%` }}>
          <Pin chainId={chain.id} records={chain.records} verdict={verdict} problems={problems} />
        </li>
      ))}
    </ul>
  );
}

/** Where the ribbon stands in records or in time. */
function Axis({ layout: { segments, tail, scale }, zone }: { layout: Layout; zone: string }) {
  const parts = [...segments, ...(tail ? [{ ...tail, segment: tail.part }] : [])];
  return (
    <div aria-hidden className="relative mt-1 h-4 text-2xs text-faint tabular">
      {ribbonAxis(parts, scale, zone).map(({ x, text, align }, at) => (
        <span
          key={at}
          className={clsx(
            'absolute whitespace-nowrap',
            align === 'middle' && '-translate-x-1/2 max-sm:hidden',
            align === 'end' && '-translate-x-full',
          )}
          style={{ left: `${x}%` }}
        >
          {text}
        </span>
      ))}
    </div>
  );
}
