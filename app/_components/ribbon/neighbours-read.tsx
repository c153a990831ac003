'use client';
import { clsx } from 'clsx';
import { Link } from '../ui/link';
import { RecordPage } from '@/lib/schemas/browser/records';
import type { ChainRecord } from '@/lib/schemas/chains';
import { NotRead } from '../api/not-read';
import { useJson } from '../api/use-json';
import { formatCount } from '../format/number';
import { shortenHash } from '../format/hash';
import { Time } from '../time/time';
import { Skeleton } from '../ui/skeleton';
import { DecisionMark } from '../verdict/decision-mark';

/** The record before, the record itself and the record after. */
export function Neighbours({ chainId, record }: { chainId: string; record: number }) {
  const from = Math.max(0, record - 1);
  const loaded = useJson(RecordPage, `/api/v1/chains/${chainId}/records?from=${from}&limit=${record - from + 2}`);
  if (loaded.state === 'failed') return <NotRead what="The records around it" of={loaded} className="text-xs" />;
  if (loaded.state === 'ready' && loaded.value.items.length === 0)
    return <p className="text-xs text-muted">The records of this chain are still being made searchable.</p>;
  return (
    <table className="w-full text-left text-xs" aria-label="Records around the problem">
      <thead className="sr-only">
        <tr>
          <th>Position</th>
          <th>Record</th>
          <th>Time</th>
          <th>What it says</th>
          <th>Hash</th>
        </tr>
      </thead>
      <tbody>
        {[from, record, record + 1]
          .filter((ordinal, at, all) => all.indexOf(ordinal) === at)
          .map((ordinal) => (
            <tr key={ordinal} className={clsx('border-t first:border-t-0', ordinal === record && 'bg-v-tampered/8')}>
              <td className="w-14 py-1.5 pr-2 pl-1.5 text-faint">
                {ordinal < record ? 'before' : ordinal > record ? 'after' : 'here'}
              </td>
              {loaded.state === 'loading' ? (
                <td colSpan={4} className="h-8">
                  <Skeleton className="h-3.5 w-full" />
                </td>
              ) : (
                <Line
                  chainId={chainId}
                  ordinal={ordinal}
                  record={loaded.value.items.find((item) => item.ordinal === ordinal)}
                />
              )}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function Line({ chainId, ordinal, record }: { chainId: string; ordinal: number; record: ChainRecord | undefined }) {
  if (!record) {
    return (
      <td colSpan={4} className="h-8 text-faint">
        no record here
      </td>
    );
  }
  return (
    <>
      <td className="h-8 pr-2 tabular">
        <Link className="link" href={`/chains/${chainId}?tab=records&record=${ordinal}`}>
          {formatCount(ordinal)}
        </Link>
      </td>
      <td className="pr-2 whitespace-nowrap text-muted">
        {record.recordedAt && <Time at={record.recordedAt} as="short" />}
      </td>
      <td className="max-w-0 w-full truncate pr-2">
        <DecisionMark decision={record.decision} /> <span className="text-muted">{record.tool || record.kind}</span>
      </td>
      <td className="pr-1.5 font-mono whitespace-nowrap text-faint">
        {record.hash ? shortenHash(record.hash, 6, 4) : '–'}
      </td>
    </>
  );
}
