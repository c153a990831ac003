import { clsx } from 'clsx';
import { ChevronDown } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import type { ReactNode } from 'react';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount, formatShare } from '@/app/_components/format/number';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import type { ChainDetail } from '@/lib/schemas/chains';

/** The figures of the chain in a line, and behind it everything else that is known of it as a whole. */
export function ChainDetails({ chain, open, children }: { chain: ChainDetail; open: boolean; children: ReactNode }) {
  return (
    <div className="relative">
      <dl className="absolute top-0 right-20 left-0 flex min-h-6 items-center gap-x-4 overflow-hidden text-xs whitespace-nowrap text-muted tabular">
        <Figure label="Records">{formatCount(chain.records)}</Figure>
        <Figure label="Signed">{formatShare(chain.attestedRecords, chain.records)}</Figure>
        <Figure label="Findings">
          {chain.findings > 0 ? (
            <Link className="link" href={`/findings?chain=${chain.id}`}>
              {formatCount(chain.findings)}
            </Link>
          ) : (
            '0'
          )}
        </Figure>
        <Figure label="Size" className="max-sm:hidden">
          {formatBytes(chain.bytes)}
        </Figure>
        <Figure label="Head" className="max-md:hidden">
          {chain.head ? <Hash value={chain.head} /> : 'none'}
        </Figure>
        <Figure label="Recorded" className="max-lg:hidden">
          {chain.firstRecordedAt && chain.lastRecordedAt ? (
            <TimeSpan from={chain.firstRecordedAt} to={chain.lastRecordedAt} />
          ) : (
            'no times stated'
          )}
        </Figure>
      </dl>
      <details open={open} className="group/details">
        <summary className="ml-auto flex min-h-6 w-fit cursor-pointer list-none items-center gap-1 rounded-md px-1 text-xs font-medium hover:bg-hover">
          Details
          <ChevronDown size={12} aria-hidden className="group-open/details:rotate-180" />
        </summary>
        <div className="mt-2 space-y-3 border-y py-3">
          <p className="text-muted">
            {formatBytes(chain.bytes)},{' '}
            {chain.firstRecordedAt && chain.lastRecordedAt ? (
              <>
                recorded <TimeSpan from={chain.firstRecordedAt} to={chain.lastRecordedAt} />
              </>
            ) : (
              'no times stated'
            )}
            {chain.verifiedAt && (
              <>
                , checked <Time at={chain.verifiedAt} />
              </>
            )}
            {chain.attestedRecords > 0 && `, signed as ${VERDICT_LOOK[chain.verdict].word.toLowerCase()}`}.
          </p>
          {children}
        </div>
      </details>
    </div>
  );
}

function Figure({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <div className={clsx('flex items-center gap-1', className)}>
      <dt className="text-faint">{label}</dt>
      <dd className="font-medium text-ink">{children}</dd>
    </div>
  );
}
