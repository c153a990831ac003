import { Link } from '../ui/link';
import { formatCount, formatNoun } from '../format/number';

/** What stands below a list: how many of how many it shows and in which order, and where it begins and goes on. */
export function ListFoot({
  shown,
  total,
  noun,
  order,
  also,
  first,
  next,
}: {
  shown: number;
  /** Of all that match. */
  total: number;
  /** Of one, in English; of several with an s. */
  noun: string;
  /** Such as “newest first”. */
  order?: string | undefined;
  /** What else is listed, such as “and one that is open”. */
  also?: string | undefined;
  /** Address of the first page; null on it. */
  first: string | null;
  /** Address of the next page; null on the last. */
  next: string | null;
}) {
  return (
    <nav
      aria-label={`Pages of ${noun}s`}
      className="mt-3 flex flex-wrap items-center justify-between gap-x-4 text-xs text-muted tabular"
    >
      <span>
        {shown === total ? formatNoun(total, noun) : `${formatCount(shown)} of ${formatNoun(total, noun)}`}
        {also && `, ${also}`}
        {order && total > 1 && `, ${order}`}
      </span>
      <span className="no-print flex gap-4">
        {first && (
          <Link className="link inline-flex min-h-6 items-center" href={first} scroll={false}>
            First page
          </Link>
        )}
        {next && (
          <Link className="link inline-flex min-h-6 items-center" href={next} scroll={false}>
            Next page
          </Link>
        )}
      </span>
    </nav>
  );
}
