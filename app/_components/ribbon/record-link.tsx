import { Link } from '../ui/link';
import { formatCount } from '../format/number';

/** Names a record and opens it; past the last one there is only the end to name. */
export function RecordLink({ chainId, record, records }: { chainId: string; record: number; records: number }) {
  if (record >= records)
    return records === 0 ? 'Before the first record' : `After record ${formatCount(records - 1)}, the last`;
  return (
    <Link className="link" href={`/chains/${chainId}?tab=records&record=${record}`}>
      Record {formatCount(record)}
    </Link>
  );
}
