import { type ChainVerdict, CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import type { Segment } from '@/lib/schemas/chains';
import { formatBytes } from '../format/bytes';
import { shortenHash } from '../format/hash';
import { formatNoun } from '../format/number';
import { formatSpan } from '../format/span';
import { VERDICT_LOOK } from '../verdict/verdicts';
import { PartLink, recordsOf } from './part-link';

type Props = { chainId: string; segments: readonly Segment[]; zone: string };

/** A segment on the ribbon, or several too narrow to be pressed one by one: says what is in them, and goes to the row of the first. */
export function SegmentLink({ chainId, segments, zone }: Props) {
  const [first, last] = [segments[0], segments.at(-1)];
  if (!first || !last) return null;
  const { word, icon: Icon, tone } = VERDICT_LOOK[worstOf(segments)];
  const name = first === last ? `Segment ${first.index + 1}` : `Segments ${first.index + 1} to ${last.index + 1}`;
  const sum = (of: (segment: Segment) => number) => segments.reduce((total, segment) => total + of(segment), 0);
  const records = recordsOf({ firstRecord: first.firstRecord, records: sum((one) => one.records) }, 'no records');
  const times =
    first.firstRecordedAt && last.lastRecordedAt
      ? formatSpan(first.firstRecordedAt, last.lastRecordedAt, zone)
      : 'no times stated';
  const signed = segments.every(({ attestationId }) => attestationId) ? ', signed' : '';
  return (
    <PartLink
      href={`/chains/${chainId}?tab=segments&segment=${first.index}`}
      label={`${name}, ${word}, ${records}, ${times}, ${formatNoun(
        sum((one) => one.problems),
        'problem',
      )}${signed}`}
      tone={tone}
      title={
        <>
          <Icon size={14} />
          {name}: {word}
        </>
      }
      records={records}
    >
      <p className="text-muted">{times}</p>
      <p className="text-muted">
        {formatBytes(sum(({ bytes }) => bytes))}
        {first === last && (
          <>
            , <span className="font-mono">{shortenHash(first.digest)}</span>
          </>
        )}
      </p>
    </PartLink>
  );
}

function worstOf(segments: readonly Segment[]): ChainVerdict {
  return CHAIN_VERDICTS.find((verdict) => segments.some((one) => one.verdict === verdict)) ?? 'pending';
}
