import type { RibbonHead, RibbonLayout, RibbonProblem, RibbonSegment } from './layout';
import { patternId } from './patterns';
import { Break, FOOT, GROUND, Ghost, HeadTick, Missing, TornEdge } from './strip-marks';

/**
 * The strip itself: any width, drawn in percent so that server and paper draw the same. Says nothing to a
 * screen reader; its caller does.
 */
export function Strip({
  layout,
  height,
  detailed,
}: {
  layout: RibbonLayout<RibbonSegment, RibbonProblem, RibbonHead>;
  height: number;
  detailed: boolean;
}) {
  const { segments, spots, tail, breaks, ticks, seals, ghost, open } = layout;
  const last = tail ?? segments.at(-1);
  // so many that they would run into each other
  const breakWidth = breaks.length > 100 ? 1 : 4;
  return (
    <svg aria-hidden width="100%" height={height + FOOT} overflow="visible" className="block">
      <rect width="100%" height={height} rx={2} style={{ fill: 'var(--color-sunken)' }} />
      {segments.map(({ x, width, segment, fill }) => (
        <rect
          key={segment.index}
          x={`${x}%`}
          width={`${width}%`}
          height={height}
          rx={2}
          fill={`url(#${patternId(fill)})`}
        />
      ))}
      {tail && <rect x={`${tail.x}%`} width={`${tail.width}%`} height={height} rx={2} fill="url(#ribbon-tail)" />}
      {spots.map(({ x, width, verdict }, at) => (
        <rect
          key={at}
          x={`${x}%`}
          height={height}
          fill={`url(#${patternId(verdict)})`}
          style={{ width: `max(2px, ${width}%)` }}
        />
      ))}
      {[...segments, ...(tail && segments.length > 0 ? [{ x: tail.x, segment: { index: -1 } }] : [])]
        .slice(1)
        .map(({ x, segment }) => (
          <line
            key={segment.index}
            x1={`${x}%`}
            x2={`${x}%`}
            y2={height}
            strokeWidth={1.5}
            style={{ stroke: GROUND }}
          />
        ))}
      {ghost && <Ghost {...ghost} height={height} />}
      {breaks.map(({ x, kind }, at) => (
        <svg key={at} x={`${x}%`} overflow="visible">
          {kind === 'break' ? <Break width={breakWidth} height={height} /> : <Missing height={height} />}
        </svg>
      ))}
      {open && last && (
        <svg x={`${last.x + last.width}%`} overflow="visible">
          <TornEdge height={height} />
        </svg>
      )}
      {seals.map(({ x, width }) => (
        <g key={x} style={{ fill: 'var(--color-seal)' }}>
          <rect x={`${x}%`} y={height + 2} width={`${width}%`} height={2} />
        </g>
      ))}
      {detailed && ticks.map(({ x, head }, at) => <HeadTick key={at} x={x} height={height} state={head.state} />)}
    </svg>
  );
}
