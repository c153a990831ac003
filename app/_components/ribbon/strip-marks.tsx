import type { RibbonHead } from './layout';

/** Height below the strip that holds the seal line and the ticks of witnessed heads. */
export const FOOT = 6;
/** What lies behind the strip, where it is cut. */
export const GROUND = 'var(--ribbon-ground, var(--color-surface))';

/** Where a record breaks the chain. */
export function Break({ width, height }: { width: number; height: number }) {
  return (
    <rect
      x={-width / 2}
      y={-1.5}
      width={width}
      height={height + 3}
      style={{
        fill: 'var(--color-v-tampered)',
        stroke: GROUND,
        strokeWidth: width > 1 ? 1 : 0,
      }}
    />
  );
}

/** Where records are missing. */
export function Missing({ height }: { height: number }) {
  return (
    <g>
      <rect x={-3} y={-1} width={6} height={height + 2} style={{ fill: GROUND }} />
      <path
        d={`M-3 0v${height}M3 0v${height}`}
        strokeWidth={1.5}
        strokeDasharray="2.5 2"
        style={{ stroke: 'var(--color-v-gap)' }}
      />
    </g>
  );
}

/** What was witnessed beyond the end. */
export function Ghost({ x, width, height }: { x: number; width: number; height: number }) {
  return (
    <g>
      <rect
        x={`${x}%`}
        width={`${width}%`}
        y={0.5}
        height={height - 1}
        fill="url(#ribbon-ghost)"
        strokeDasharray="3 3"
        style={{ stroke: 'var(--color-v-truncated)' }}
      />
      <line
        x1={`${x}%`}
        x2={`${x}%`}
        y1={-2}
        y2={height + 2}
        strokeWidth={2}
        style={{ stroke: 'var(--color-v-truncated)' }}
      />
    </g>
  );
}

/** A witnessed head. */
export function HeadTick({ x, height, state }: { x: number; height: number; state: RibbonHead['state'] }) {
  const isThere = state === 'current' || state === 'extended';
  return (
    <line
      x1={`${x}%`}
      x2={`${x}%`}
      y1={height - 4}
      y2={height + FOOT}
      strokeWidth={1.25}
      style={{ stroke: isThere ? 'var(--color-ink)' : 'var(--color-v-truncated)' }}
    />
  );
}

/** The end of a chain that may still grow. */
export function TornEdge({ height }: { height: number }) {
  return <path d={teeth(height)} style={{ fill: GROUND }} />;
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
