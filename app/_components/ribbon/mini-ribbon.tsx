import type { Chain } from '@/lib/schemas/chains';
import { formatCount, formatNoun, formatShare } from '../format/number';
import { VERDICT_LOOK } from '../verdict/verdicts';
import { type RibbonChain, layoutRibbon } from './layout';
import { Strip } from './strip';

/** A ribbon for a table cell or a heading: the picture, said in one sentence. */
export function MiniRibbon({
  chain,
  parts,
  height = 12,
}: {
  chain: Chain;
  parts?: Omit<RibbonChain, 'records'> | undefined;
  height?: number;
}) {
  return (
    <div role="img" aria-label={sentence(chain)} className="w-full min-w-24 py-1">
      <Strip
        layout={layoutRibbon(
          { ...(parts ? { records: chain.records, ...parts } : whole(chain)), tail: tailOf(chain) },
          'records',
          4,
        )}
        height={height}
        detailed={false}
      />
    </div>
  );
}

/** The chain as one block, for when its segments are not at hand; signed from the start as far as it is signed. */
function whole(chain: Chain): RibbonChain {
  const signed = chain.attestedRecords;
  const piece = {
    verdict: chain.verdict,
    firstRecordedAt: chain.firstRecordedAt,
    lastRecordedAt: chain.lastRecordedAt,
  };
  const pieces = [
    { ...piece, index: 0, firstRecord: 0, records: signed, attestationId: chain.id },
    {
      ...piece,
      index: 1,
      firstRecord: signed,
      records: chain.records - signed - (chain.tail?.records ?? 0),
      attestationId: null,
    },
  ];
  return { records: chain.records, segments: pieces.filter(({ records }) => records > 0), problems: [], heads: [] };
}

/** What of the chain is in no segment yet, as its ribbon draws it. */
export function tailOf({
  tail,
  firstRecordedAt,
  lastRecordedAt,
}: Pick<Chain, 'tail' | 'firstRecordedAt' | 'lastRecordedAt'>): RibbonChain['tail'] {
  return tail && { records: tail.records, firstRecordedAt, lastRecordedAt };
}

function sentence(chain: Chain): string {
  const problems = Object.values(chain.problemCounts).reduce((sum, count) => sum + count, 0);
  return `${VERDICT_LOOK[chain.verdict].word}: ${formatCount(chain.records)} records in ${formatNoun(chain.segments, 'segment')}, ${formatNoun(problems, 'problem')}, ${formatShare(chain.attestedRecords, chain.records)} signed${chain.tail ? `, ${formatNoun(chain.tail.records, 'record')} open` : ''}`;
}
