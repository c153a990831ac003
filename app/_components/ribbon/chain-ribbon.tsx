'use client';
import { Tooltip } from '@base-ui/react/tooltip';
import { clsx } from 'clsx';
import Link from 'next/link';
import { useState } from 'react';
import type { Chain, Head, Problem, Segment } from '@/lib/schemas/chains';
import { formatBytes } from '../format/bytes';
import { shortenHash } from '../format/hash';
import { formatInstant } from '../format/instant';
import { formatCount, formatNoun } from '../format/number';
import { formatSpan } from '../format/span';
import { useZone } from '../time/zone';
import { useNarrow } from '../ui/use-narrow';
import { SealSolid } from '../verdict/icons';
import { VERDICT_LOOK } from '../verdict/verdicts';
import { ribbonAxis } from './axis';
import { type RibbonScale, layoutRibbon } from './layout';
import { Pin } from './pin';
import { tailOf } from './mini-ribbon';
import { ScaleToggle } from './scale-toggle';
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
};

/** What became of records witnessed beyond the end. */
const GHOST = {
  missing: { short: 'lost', long: 'witnessed before and no longer there' },
  forked: { short: 'on another branch', long: 'witnessed before on the branch this one left' },
  rewritten: { short: 'replaced', long: 'witnessed before and since replaced by other records' },
} as const;

/** The whole chain as a picture: segments as links, problems as pins, both lists to a screen reader. */
export function ChainRibbon({ chain, segments, problems, heads, height = 36, plain = false }: Props) {
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
      {!plain && <ScaleToggle value={layout.scale} onChange={setWanted} />}
      <div className="mx-3">
        {layout.pins.length > 0 && (
          <ul aria-label="Problems" className="relative h-8">
            {layout.pins.map(({ x, verdict, problems: gathered }) => (
              <li
                key={gathered[0]?.byteOffset ?? x}
                className="absolute top-0 -translate-x-1/2"
                style={{ left: `${x}%` }}
              >
                <Pin chainId={chain.id} records={chain.records} verdict={verdict} problems={gathered} />
              </li>
            ))}
          </ul>
        )}
        <div className="relative">
          <Strip layout={layout} height={height} detailed />
          <ol aria-label="Segments" className="absolute inset-x-0 top-0" style={{ height }}>
            {layout.segments.map(({ x, width, segment }) => (
              <li key={segment.index} className="absolute inset-y-0" style={{ left: `${x}%`, width: `${width}%` }}>
                <SegmentLink chainId={chain.id} segment={segment} zone={zone} />
              </li>
            ))}
            {tail && chain.tail && (
              <li className="absolute inset-y-0" style={{ left: `${tail.x}%`, width: `${tail.width}%` }}>
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
              <SealSolid size={plain ? 16 : 20} />
            </span>
          ))}
          {layout.ghost && (
            <p
              className="absolute inset-y-0 flex items-center justify-center overflow-hidden text-center text-2xs leading-3 font-medium text-v-truncated"
              style={{ left: `${layout.ghost.x}%`, width: `${layout.ghost.width}%`, height }}
            >
              <span className="rounded-md bg-surface px-1">
                {formatCount(layout.ghost.records)} {GHOST[layout.ghost.state].short}
              </span>
            </p>
          )}
        </div>
        <div aria-hidden className="relative mt-1 h-4 text-2xs text-faint tabular">
          {ribbonAxis([...layout.segments, ...(tail ? [{ ...tail, segment: tail.part }] : [])], layout.scale, zone).map(
            ({ x, text, align }, at) => (
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
            ),
          )}
        </div>
      </div>
      {!plain && <Key layout={layout} heads={heads} />}
    </figure>
  );
}

function SegmentLink({ chainId, segment, zone }: { chainId: string; segment: Segment; zone: string }) {
  const { word, icon: Icon, tone } = VERDICT_LOOK[segment.verdict];
  const records =
    segment.records === 0
      ? 'no records'
      : `records ${formatCount(segment.firstRecord)} to ${formatCount(segment.firstRecord + segment.records - 1)}`;
  const times =
    segment.firstRecordedAt && segment.lastRecordedAt
      ? formatSpan(segment.firstRecordedAt, segment.lastRecordedAt, zone)
      : 'no times stated';
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        delay={150}
        render={<Link href={`/chains/${chainId}?tab=segments&segment=${segment.index}`} />}
        aria-label={`Segment ${segment.index + 1}, ${word}, ${records}, ${times}, ${formatNoun(segment.problems, 'problem')}${segment.attestationId ? ', signed' : ''}`}
        className="block h-full rounded-[2px] hover:bg-ink/8"
      />
      <Tooltip.Portal>
        <Tooltip.Positioner side="bottom" sideOffset={8} className="z-60">
          <Tooltip.Popup role="tooltip" className="popup px-3 py-2 text-xs">
            <p className="flex items-center gap-1.5 font-medium" style={{ color: tone }}>
              <Icon size={14} />
              Segment {segment.index + 1}: {word}
            </p>
            <p className="mt-1 first-letter:uppercase">{records}</p>
            <p className="text-muted">{times}</p>
            <p className="text-muted">
              {formatBytes(segment.bytes)}, <span className="font-mono">{shortenHash(segment.digest)}</span>
            </p>
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** What is drawn, in words: only of what this ribbon shows. */
function Key({
  layout,
  heads,
}: {
  layout: ReturnType<typeof layoutRibbon<Segment, Problem, Head>>;
  heads: readonly Head[];
}) {
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
