import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount, formatShare } from '@/app/_components/format/number';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import type { ChainDetail } from '@/lib/schemas/chains';

/** The figures of the chain. */
export function ChainFacts({ chain }: { chain: ChainDetail }) {
  return (
    <dl className="mb-4 flex flex-wrap gap-x-8 gap-y-3">
      <Fact label="Records">{formatCount(chain.records)}</Fact>
      <Fact label="Size">{formatBytes(chain.bytes)}</Fact>
      <Fact label="Recorded">
        {chain.firstRecordedAt && chain.lastRecordedAt ? (
          <TimeSpan from={chain.firstRecordedAt} to={chain.lastRecordedAt} />
        ) : (
          'no times stated'
        )}
      </Fact>
      <Fact label="Checked">{chain.verifiedAt ? <Time at={chain.verifiedAt} /> : 'not yet'}</Fact>
      <Fact label="Signed">{formatShare(chain.attestedRecords, chain.records)}</Fact>
      <Fact label="Findings">
        {chain.findings > 0 ? (
          <Link className="link" href={`/findings?chain=${chain.id}`}>
            {formatCount(chain.findings)}
          </Link>
        ) : (
          '0'
        )}
      </Fact>
      <Fact label="Head">{chain.head ? <Hash value={chain.head} /> : 'none'}</Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="flex min-h-6 items-center tabular">{children}</dd>
    </div>
  );
}
