'use client';
import { clsx } from 'clsx';
import { Link } from '../ui/link';
import { RecordPage } from '@/lib/schemas/browser/records';
import type { ChainRecord } from '@/lib/schemas/chains';
import { NotRead } from '../api/not-read';
import { useJson } from '../api/use-json';
import { formatCount } from '../format/number';
import { Time } from '../time/time';
import { Skeleton } from '../ui/skeleton';
import { DecisionMark } from '../verdict/decision-mark';
import { IntegrityMark } from '../verdict/integrity-mark';

/** Records shown before and after it. */
const AROUND = 2;

/** A record of a chain, opened beside the list that is there. */
export type OpenRecord = (record: { chainId: string; ordinal: number }) => void;

/** The record among its neighbours in the chain, which open where it is shown, or else on the page of the chain. */
export function RecordNeighbours({
  chainId,
  ordinal,
  onOpen,
}: Pick<ChainRecord, 'chainId' | 'ordinal'> & { onOpen?: OpenRecord }) {
  const from = Math.max(0, ordinal - AROUND);
  const loaded = useJson(
    RecordPage,
    `/api/v1/chains/${chainId}/records?from=${from}&limit=${ordinal - from + AROUND + 1}`,
  );
  return (
    <section aria-label="In its chain">
      <h3 className="mb-1 font-medium">In its chain</h3>
      {loaded.state === 'loading' && <Skeleton className="h-[9.5rem]" />}
      {loaded.state === 'failed' && <NotRead what="The records around it" of={loaded} className="text-xs" />}
      {loaded.state === 'ready' && (
        <ol className="divide-y rounded-md border text-xs">
          {loaded.value.items.map((item) => (
            <li
              key={item.ordinal}
              aria-current={item.ordinal === ordinal ? 'true' : undefined}
              className={clsx('flex h-[30px] items-center gap-2 px-2', item.ordinal === ordinal && 'bg-chosen')}
            >
              <IntegrityMark integrity={item.integrity} />
              <Link
                href={`/chains/${chainId}?tab=records&record=${item.ordinal}`}
                aria-label={`Record ${formatCount(item.ordinal)} of the chain`}
                onClick={(event) => {
                  if (!onOpen || event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  onOpen({ chainId, ordinal: item.ordinal });
                }}
                className="link w-14 text-right tabular"
              >
                {formatCount(item.ordinal)}
              </Link>
              <span className="whitespace-nowrap text-muted max-sm:hidden">
                {item.recordedAt ? <Time at={item.recordedAt} as="short" /> : 'no time stated'}
              </span>
              <DecisionMark decision={item.decision} />
              <span className="min-w-0 flex-1 truncate text-muted">
                <span className="font-medium text-ink">{item.tool || item.kind}</span> {item.target || item.reason}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
