import type { Segment } from '@/lib/schemas/chains';
import { formatBytes } from '../format/bytes';
import { shortenHash } from '../format/hash';
import { formatNoun } from '../format/number';
import { formatSpan } from '../format/span';
import { VERDICT_LOOK } from '../verdict/verdicts';
import { PartLink, recordsOf } from './part-link';

/** A segment on the ribbon: names what it holds, and goes to its row. */
export function SegmentLink({ chainId, segment, zone }: { chainId: string; segment: Segment; zone: string }) {
  const { word, icon: Icon, tone } = VERDICT_LOOK[segment.verdict];
  const records = recordsOf(segment, 'no records');
  const times =
    segment.firstRecordedAt && segment.lastRecordedAt
      ? formatSpan(segment.firstRecordedAt, segment.lastRecordedAt, zone)
      : 'no times stated';
  return (
    <PartLink
      href={`/chains/${chainId}?tab=segments&segment=${segment.index}`}
      label={`Segment ${segment.index + 1}, ${word}, ${records}, ${times}, ${formatNoun(segment.problems, 'problem')}${segment.attestationId ? ', signed' : ''}`}
      tone={tone}
      title={
        <>
          <Icon size={14} />
          Segment {segment.index + 1}: {word}
        </>
      }
      records={records}
    >
      <p className="text-muted">{times}</p>
      <p className="text-muted">
        {formatBytes(segment.bytes)}, <span className="font-mono">{shortenHash(segment.digest)}</span>
      </p>
    </PartLink>
  );
}
