import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { formatCount, formatNoun, formatShare } from '@/app/_components/format/number';
import { Ago } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { SealSolid } from '@/app/_components/verdict/icons';
import type { Overview } from '@/lib/schemas/reports';

/** How much of everything stored is covered by a signature, and what should be and is not. */
export function Signed({ coverage, unsigned: { waiting, failed, overdue } }: Pick<Overview, 'coverage' | 'unsigned'>) {
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
        parts={[{ key: 'signed', value: coverage.attested, tone: 'var(--color-seal)' }]}
        of={coverage.records}
        height={6}
      />
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
