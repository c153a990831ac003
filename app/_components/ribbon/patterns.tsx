import type { ReactNode } from 'react';
import { CHAIN_VERDICTS, type ChainVerdict } from '@/lib/core/chain/verdict';
import { VERDICT_LOOK } from '../verdict/verdicts';

/** What tells the fills apart without colour: drawn on 8 px tiles over a tint of the verdict's colour. */
const MARKS: Record<ChainVerdict, ReactNode> = {
  verified: null,
  'verified-with-warnings': <circle cx={4} cy={4} r={1.1} />,
  restarted: <path d="m2 1 3 3-3 3" fill="none" strokeWidth={1.2} />,
  gap: <path d="M2 0v8M6 0v8" strokeWidth={1.4} strokeDasharray="2 2" />,
  forked: <path d="M0 4h3l2-3h3M3 4l2 3h3" fill="none" strokeWidth={1.1} />,
  truncated: <path d="M0 8 8 0" strokeWidth={1.2} />,
  tampered: <path d="M-2 2 2-2M0 8 8 0M6 10l4-4" strokeWidth={1.3} />,
  corrupt: <path d="M0 0l8 8M8 0 0 8" strokeWidth={0.9} />,
  unchained: <path d="M0 4h8" strokeWidth={1} strokeDasharray="2 3" />,
  damaged: <path d="M0 0l8 8M8 0 0 8M0 4h8" strokeWidth={1.1} />,
  pending: <path d="M0 2h8M0 6h8" strokeWidth={0.9} />,
};

/** The fills of every ribbon on the page; rendered once, in the layout. */
export function RibbonPatterns() {
  return (
    <svg width={0} height={0} aria-hidden className="absolute">
      <defs>
        {CHAIN_VERDICTS.map((verdict) => {
          const { tone } = VERDICT_LOOK[verdict];
          const tint = verdict === 'verified' ? 62 : 20;
          return (
            <pattern key={verdict} id={patternId(verdict)} width={8} height={8} patternUnits="userSpaceOnUse">
              <rect
                width={8}
                height={8}
                style={{ fill: `color-mix(in oklch, ${tone} ${tint}%, var(--color-surface))` }}
              />
              <g opacity={0.7} style={{ fill: tone, stroke: tone }}>
                {MARKS[verdict]}
              </g>
            </pattern>
          );
        })}
        {/* open: checked and good, and of no digest yet */}
        <pattern id="ribbon-tail" width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect
            width={6}
            height={6}
            style={{ fill: 'color-mix(in oklch, var(--color-v-verified) 30%, var(--color-surface))' }}
          />
          <path
            d="M1.5 0v6"
            strokeWidth={2}
            style={{ stroke: 'color-mix(in oklch, var(--color-v-verified) 62%, var(--color-surface))' }}
          />
        </pattern>
        <pattern id="ribbon-ghost" width={6} height={6} patternUnits="userSpaceOnUse">
          <path d="M0 6 6 0" strokeWidth={0.8} style={{ stroke: 'var(--color-v-truncated)' }} />
        </pattern>
      </defs>
    </svg>
  );
}

export function patternId(verdict: keyof typeof MARKS): string {
  return `ribbon-${verdict}`;
}
