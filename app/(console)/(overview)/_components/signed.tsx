import Link from 'next/link';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { formatCount, formatShare } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import { SealSolid } from '@/app/_components/verdict/icons';
import type { Overview } from '@/lib/schemas/reports';

/** How much of everything stored is covered by a signature. */
export function Signed({ coverage }: { coverage: Overview['coverage'] }) {
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
      <StackedBar parts={[{ key: 'signed', value: coverage.attested, tone: 'var(--color-seal)' }]} of={coverage.records} height={6} />
    </Card>
  );
}
