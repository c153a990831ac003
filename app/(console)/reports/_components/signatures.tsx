import { Link } from '@/app/_components/ui/link';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { formatCount, formatShare } from '@/app/_components/format/number';
import type { ReportChains } from '@/lib/schemas/reports';
import { Prose } from './section';

export async function Signatures({ chains }: { chains: Promise<ReportChains> }) {
  const { coverage } = await chains;
  return (
    <>
      <Prose>
        {coverage.records === 0 ? (
          'No record of this period could be signed.'
        ) : (
          <>
            {formatShare(coverage.attested, coverage.records)} of the period, {formatCount(coverage.attested)} of its{' '}
            {formatCount(coverage.records)} records, is covered by a{' '}
            <Link className="link" href="/attestations">
              signed attestation
            </Link>{' '}
            of its chain as it stands. Each can be verified with cosign and the public key, without this server.
          </>
        )}
      </Prose>
      <div className="max-w-[36rem]">
        <StackedBar
          of={coverage.records}
          parts={[{ key: 'signed', value: coverage.attested, tone: 'var(--color-seal)' }]}
        />
      </div>
    </>
  );
}
