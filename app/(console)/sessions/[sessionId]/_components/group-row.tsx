import { Siren } from 'lucide-react';
import { formatDuration } from '@/app/_components/format/duration';
import { formatCompact, formatCount, formatNoun, formatUsd } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import type { Session } from '@/lib/schemas/sessions';
import type { Group } from './line-rows';

export type Box = { top: number; height: number };

/** Nothing was recorded for a while: the line is broken. */
export function GapRow({ seconds, box }: { seconds: number; box: Box }) {
  return (
    <div role="listitem" className="absolute inset-x-0 flex items-stretch gap-3 px-4" style={box}>
      <span aria-hidden className="relative w-3 shrink-0">
        <span className="absolute inset-y-0 left-1/2 -ml-px border-l-2 border-dashed border-edge" />
      </span>
      <span className="flex flex-1 items-center gap-3 text-xs text-muted">
        <span>Nothing recorded for {formatDuration(seconds * 1000)}</span>
        <span aria-hidden className="flex-1 border-t border-dashed" />
      </span>
    </div>
  );
}

/** What the steps of a minute, or of longer, come to. */
export function GroupRow({ group, findings, box }: { group: Group; findings: Session['findings']; box: Box }) {
  const { from, to, records, counts, secretsRedacted, inputTokens, outputTokens, costUsd, backwards, turn } = group;
  const denied = counts.deny ?? 0;
  return (
    <div
      role="listitem"
      className="absolute inset-x-0 flex items-center gap-3 border-b bg-paper px-4 text-xs"
      style={box}
    >
      <span aria-hidden className="relative w-3 shrink-0 self-stretch">
        <span className="absolute inset-y-0 left-1/2 -ml-px border-l-2 border-line" />
      </span>
      <span className="font-medium whitespace-nowrap tabular">
        {turn !== null && `Turn ${formatCount(turn)}, `}
        {from ? <GroupTime from={from} to={to} /> : 'No time stated'}
      </span>
      <span className="flex min-w-0 flex-1 items-center gap-x-3 overflow-hidden whitespace-nowrap text-muted tabular">
        <span>{formatNoun(records, 'step')}</span>
        {denied > 0 && <span className="font-medium text-d-deny">{formatCount(denied)} denied</span>}
        {secretsRedacted > 0 && (
          <span className="font-medium text-d-transform">{formatNoun(secretsRedacted, 'secret')} redacted</span>
        )}
        {inputTokens + outputTokens > 0 && <span>{formatCompact(inputTokens + outputTokens)} tokens</span>}
        {costUsd > 0 && <span>{formatUsd(costUsd)}</span>}
        {findings.length > 0 && (
          <span className="inline-flex items-center gap-1" title={findings.map(({ title }) => title).join(', ')}>
            <Siren size={12} aria-hidden />
            {formatNoun(findings.length, 'finding')}
          </span>
        )}
        {backwards > 0 && <span>{formatNoun(backwards, 'step')} with a clock that went back</span>}
      </span>
    </div>
  );
}

/** The minute it begins in, and the one it ends in where that is another. */
function GroupTime({ from, to }: { from: string; to: string | null }) {
  const isLong = to !== null && from.slice(0, 16) !== to.slice(0, 16);
  return (
    <>
      <Time at={from} as="minute" />
      {isLong && (
        <>
          {' '}
          to <Time at={to} as={from.slice(0, 10) === to.slice(0, 10) ? 'clock' : 'short'} />
        </>
      )}
    </>
  );
}
