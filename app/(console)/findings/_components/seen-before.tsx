import { Link } from '@/app/_components/ui/link';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { STATUS_WORDS, VERDICTS, VERDICT_WORDS } from '@/app/_components/triage/words';
import { Card } from '@/app/_components/ui/card';
import type { FindingDetail } from '@/lib/schemas/findings';

/** Earlier findings of the same rule and group, and what they were found to be. */
export function SeenBefore({ finding: { seenBefore } }: { finding: FindingDetail }) {
  const { total, verdicts, items } = seenBefore;
  if (total === 0) return null;
  const given = VERDICTS.flatMap((verdict) => {
    const count = verdicts[verdict];
    return count ? [`${formatCount(count)} ${VERDICT_WORDS[verdict].toLowerCase()}`] : [];
  });
  return (
    <Card title="Seen before" aside={formatNoun(total, 'earlier finding')}>
      <p>{given.length > 0 ? given.join(', ') : 'None of them has a verdict.'}</p>
      <ul className="mt-2">
        {items.map(({ id, windowFrom, status, verdict }) => (
          <li key={id}>
            <Link className="link inline-flex min-h-6 items-center" href={`/findings?status=${status}&finding=${id}`}>
              <Time at={windowFrom} />
            </Link>{' '}
            <span className="text-muted">
              {STATUS_WORDS[status].toLowerCase()}
              {verdict && `, ${VERDICT_WORDS[verdict].toLowerCase()}`}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
