import { Only } from '@/app/_components/access/role';
import { Link } from '@/app/_components/ui/link';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { RetryButton } from '@/app/_components/stuck/retry-button';
import { Ago } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import type { Overview } from '@/lib/schemas/reports';

/** Work that failed every time so far, with its causes; nothing when there is none. */
export function Stuck({ stuck: { items, total } }: Pick<Overview, 'stuck'>) {
  if (total === 0) return null;
  return (
    <div className="mb-4">
      <Card
        title={`${formatNoun(total, 'job')} ${total === 1 ? 'is' : 'are'} stuck`}
        aside={
          <Only need="ingest">
            <RetryButton />
          </Only>
        }
      >
        <p className="mb-2 text-muted">
          What was received is stored, but these steps fail. Each is retried automatically, at growing intervals, and
          does not hold up the others.
        </p>
        <ul className="space-y-1">
          {items.map(({ id, what, chainId, chain, cause, attempts, since }) => (
            <li key={id} className="[overflow-wrap:anywhere]">
              <span className="text-v-tampered">{what}</span>
              {chainId && (
                <>
                  {' of '}
                  <Link className="link" href={`/chains/${chainId}`}>
                    {chain}
                  </Link>
                </>
              )}
              : {cause}.{' '}
              <span className="text-muted">
                Failed {formatCount(attempts)} times, first <Ago at={since} />.
              </span>
            </li>
          ))}
        </ul>
        {total > items.length && <p className="mt-2 text-muted">And {formatCount(total - items.length)} more.</p>}
      </Card>
    </div>
  );
}
