import { Tooltip } from '@base-ui/react/tooltip';
import Link from 'next/link';
import type { Segment } from '@/lib/schemas/chains';
import { formatBytes } from '../format/bytes';
import { shortenHash } from '../format/hash';
import { formatCount, formatNoun } from '../format/number';
import { formatSpan } from '../format/span';
import { VERDICT_LOOK } from '../verdict/verdicts';

/** A segment on the ribbon: names what it holds, and goes to its row. */
export function SegmentLink({ chainId, segment, zone }: { chainId: string; segment: Segment; zone: string }) {
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
