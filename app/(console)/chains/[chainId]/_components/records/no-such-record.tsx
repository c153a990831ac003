import { SearchX } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import type { ChainDetail, Head } from '@/lib/schemas/chains';

/** Why an address names a record the chain does not have: the chain was cut, or never reached so far. */
export function NoSuchRecord({
  chain,
  heads,
  ordinal,
}: {
  chain: ChainDetail;
  heads: readonly Head[];
  ordinal: number;
}) {
  const knew = ordinal < 0 ? undefined : heads.find(({ records }) => records > ordinal);
  return (
    <p role="alert" className="flex gap-2 border-b px-4 py-3">
      <SearchX size={16} aria-hidden className="mt-0.5 shrink-0 text-muted" />
      {knew ? (
        <span>
          Record {formatCount(ordinal)} no longer exists: the chain was cut. It has{' '}
          {formatNoun(chain.records, 'record')} now, and had {formatCount(knew.records)} when its{' '}
          <Link className="link" href={`/chains/${chain.id}?tab=heads`}>
            head
          </Link>{' '}
          <Hash value={knew.hash} /> was seen, <Time at={knew.observedAt} />.
        </span>
      ) : (
        <span>
          {ordinal < 0
            ? 'Records are counted from 0 up'
            : `There is no record ${formatCount(ordinal)}: the chain has ${formatNoun(chain.records, 'record')}, counted from 0, and was never seen longer`}
          .
        </span>
      )}
    </p>
  );
}
