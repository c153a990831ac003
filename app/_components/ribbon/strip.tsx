import type { RibbonHead, RibbonLayout, RibbonProblem, RibbonSegment } from './layout';
import { patternId } from './patterns';

/** Height below the strip that holds the seal line and the ticks of witnessed heads. */
const FOOT = 6;

/**
 * The strip itself: any width, drawn in percent so that server and paper draw the same. Says nothing to a
 * screen reader; whoever places it does.
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
  const { segments, tail, breaks, ticks, seals, ghost, open } = layout;
  const last = tail ?? segments.at(-1);
  // so many that they would run into each other
  const thick = breaks.length > 100 ? 1 : 4;
  return (
    <svg aria-hidden width="100%" height={height + FOOT} overflow="visible" className="block">
      <rect width="100%" height={height} rx={2} style={{ fill: 'var(--color-sunken)' }} />
      {segments.map(({ x, width, segment }) => (
        <rect
          key={segment.index}
          x={`${x}%`}
          width={`${width}%`}
          height={height}
          rx={2}
          fill={`url(#${patternId(segment.verdict)})`}
        />
      ))}
      {tail && <rect x={`${tail.x}%`} width={`${tail.width}%`} height={height} rx={2} fill="url(#ribbon-tail)" />}
      {[...segments, ...(tail && segments.length > 0 ? [{ x: tail.x, segment: { index: -1 } }] : [])]
        .slice(1)
        .map(({ x, segment }) => (
          <line
            key={segment.index}
            x1={`${x}%`}
            x2={`${x}%`}
            y2={height}
            strokeWidth={1.5}
            style={{ stroke: 'var(--ribbon-ground, var(--color-surface))' }}
          />
        ))}
      {ghost && (
        <g>
          <rect
            x={`${ghost.x}%`}
            width={`${ghost.width}%`}
            y={0.5}
            height={height - 1}
            fill="url(#ribbon-ghost)"
            strokeDasharray="3 3"
            style={{ stroke: 'var(--color-v-truncated)' }}
          />
          <line
            x1={`${ghost.x}%`}
            x2={`${ghost.x}%`}
            y1={-2}
            y2={height + 2}
            strokeWidth={2}
            style={{ stroke: 'var(--color-v-truncated)' }}
          />
        </g>
      )}
      {breaks.map(({ x, kind }, at) => (
        <svg key={at} x={`${x}%`} overflow="visible">
          {kind === 'break' ? (
            <rect
              x={-thick / 2}
              y={-1.5}
              width={thick}
              height={height + 3}
              style={{
                fill: 'var(--color-v-tampered)',
                stroke: 'var(--ribbon-ground, var(--color-surface))',
                strokeWidth: thick > 1 ? 1 : 0,
              }}
            />
          ) : (
            <g>
              <rect
                x={-3}
                y={-1}
                width={6}
                height={height + 2}
                style={{ fill: 'var(--ribbon-ground, var(--color-surface))' }}
              />
              <path
                d={`M-3 0v${height}M3 0v${height}`}
                strokeWidth={1.5}
                strokeDasharray="2.5 2"
                style={{ stroke: 'var(--color-v-gap)' }}
              />
            </g>
          )}
        </svg>
      ))}
      {open && last && (
        <svg x={`${last.x + last.width}%`} overflow="visible">
          <path d={teeth(height)} style={{ fill: 'var(--ribbon-ground, var(--color-surface))' }} />
        </svg>
      )}
      {seals.map(({ x, width }) => (
        <g key={x} style={{ fill: 'var(--color-seal)' }}>
          <rect x={`${x}%`} y={height + 2} width={`${width}%`} height={2} />
        </g>
      ))}
      {detailed &&
        ticks.map(({ x, head }, at) => (
          <line
            key={at}
            x1={`${x}%`}
            x2={`${x}%`}
            y1={height - 4}
            y2={height + FOOT}
            strokeWidth={1.25}
            style={{
              stroke:
                head.state !== 'current' && head.state !== 'extended' ? 'var(--color-v-truncated)' : 'var(--color-ink)',
            }}
          />
        ))}
    </svg>
  );
}

/** A torn edge, 5 px deep, cut from right to left. */
function teeth(height: number): string {
  const count = Math.max(2, Math.round(height / 6));
  const step = height / count;
  let path = 'M1 -1';
  for (let tooth = 0; tooth < count; tooth += 1)
    path += `L${tooth % 2 ? -1.5 : -1} ${tooth * step}L-5 ${(tooth + 0.5) * step}`;
  return `${path}L-1 ${height}L1 ${height + 1}Z`;
}
