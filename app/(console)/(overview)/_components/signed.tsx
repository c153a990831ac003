import { TriangleAlert } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { formatCount, formatNoun, formatShare } from '@/app/_components/format/number';
import { Ago } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { SealSolid } from '@/app/_components/verdict/icons';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import { CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import type { Overview } from '@/lib/schemas/reports';

/** How much of everything stored is covered by a signature, and what should be and is not. */
export function Signed({
  coverage,
  coverageByVerdict,
  unsigned: { waiting, failed, overdue },
}: Pick<Overview, 'coverage' | 'coverageByVerdict' | 'unsigned'>) {
  const split = CHAIN_VERDICTS.flatMap((verdict) => {
    const of = coverageByVerdict[verdict];
    return of && of.records > 0 ? [{ verdict, ...of }] : [];
  });
  return (
    <Card
      title="Covered by signatures"
      aside={
        <Link className="link" href="/attestations">
          Attestations
        </Link>
      }
    >
      <p className="mb-2 flex items-baseline gap-2">
        <SealSolid size={18} className={coverage.attested > 0 ? 'self-center text-seal' : 'self-center text-faint'} />
        <span className="text-xl font-semibold tabular">{formatShare(coverage.attested, coverage.records)}</span>
        <span className="text-xs text-muted tabular">
          {formatCount(coverage.attested)} of {formatCount(coverage.records)} records
        </span>
      </p>
      <StackedBar
        parts={split.map(({ verdict, attested }) => ({
          key: verdict,
          value: attested,
          tone: VERDICT_LOOK[verdict].tone,
        }))}
        of={coverage.records}
        height={6}
      />
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {split.map(({ verdict, attested, records }) => {
          const { icon: Icon, word, tone } = VERDICT_LOOK[verdict];
          return (
            <li key={verdict} className="inline-flex min-h-6 items-center gap-1.5">
              <span aria-hidden style={{ color: tone }}>
                <Icon size={13} />
              </span>
              <Link className="link tabular" href={`/chains?verdict=${verdict}`}>
                {formatCount(attested)} of {formatCount(records)}
              </Link>{' '}
              <span className="text-muted">{word.toLowerCase()}</span>
            </li>
          );
        })}
      </ul>
      {overdue.length > 0 && (
        <ul className="mt-3 space-y-1">
          {overdue.map(({ chainId, chain, since }) => (
            <li key={chainId} className="flex items-start gap-2 text-v-tampered">
              <TriangleAlert size={14} aria-hidden className="mt-1 shrink-0" />
              <span className="[overflow-wrap:anywhere]">
                <Link href={`/chains/${chainId}?tab=attestations`} className="link">
                  {chain}
                </Link>{' '}
                has records that are not signed since <Ago at={since} />, longer than its policy allows.
              </span>
            </li>
          ))}
        </ul>
      )}
      {waiting + failed > 0 && (
        <p className="mt-3">
          <Link href="/attestations?view=waiting" className="link">
            {formatNoun(waiting + failed, 'request')}
          </Link>{' '}
          <span className="text-muted">not signed{failed > 0 ? `, ${failed} of them cannot be` : ' yet'}.</span>
        </p>
      )}
    </Card>
  );
}
