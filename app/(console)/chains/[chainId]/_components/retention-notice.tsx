import { formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Link } from '@/app/_components/ui/link';
import type { ChainRetention } from '@/lib/schemas/retention';

/** That a chain was deleted, or must not be. */
export function RetentionNotice({ retention }: { retention: ChainRetention }) {
  const { chainId, deletion, holds, keepDays } = retention;
  if (deletion?.tombstoneSha256)
    return (
      <p role="note" className="mt-2 max-w-[80ch] rounded-md border bg-surface px-3 py-2">
        The records of this chain were deleted{' '}
        {deletion.deletedAt && (
          <>
            on <Time at={deletion.deletedAt} />{' '}
          </>
        )}
        after {formatNoun(keepDays ?? 0, 'day')}. What is shown was found while they were there.{' '}
        <a className="link" href={`/api/v1/chains/${chainId}/tombstone`} download>
          Signed tombstone
        </a>
      </p>
    );
  if (holds === 0) return null;
  return (
    <p className="mt-1 text-sm text-muted">
      Under {holds === 1 ? 'a legal hold' : formatNoun(holds, 'legal hold')}: it is not deleted.{' '}
      <Link className="link" href="/settings/retention?state=held">
        Retention
      </Link>
    </p>
  );
}
