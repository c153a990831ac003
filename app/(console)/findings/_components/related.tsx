import { Link } from '@/app/_components/ui/link';
import { sayGroup } from '@/app/_components/format/group';
import { Time } from '@/app/_components/time/time';
import { STATUS_WORDS, VERDICT_WORDS } from '@/app/_components/triage/words';
import { Card } from '@/app/_components/ui/card';
import { LevelMark } from '@/app/_components/verdict/levels';
import type { FindingDetail } from '@/lib/schemas/findings';

/** Other findings of the same session or group on the same days. */
export function Related({ finding: { related } }: { finding: FindingDetail }) {
  if (related.length === 0) return null;
  return (
    <Card title="Related, on the same days" total={related.length}>
      <ul className="space-y-2">
        {related.map(({ id, title, level, status, verdict, group, windowFrom }) => (
          <li key={id}>
            <Link className="link inline-flex min-h-6 items-center" href={`/findings?status=${status}&finding=${id}`}>
              {title}
            </Link>
            <span className="flex flex-wrap gap-x-3 text-xs text-muted">
              <LevelMark level={level} />
              <Time at={windowFrom} />
              <span className="[overflow-wrap:anywhere]">{sayGroup(group)}</span>
              <span>
                {STATUS_WORDS[status].toLowerCase()}
                {verdict && `, ${VERDICT_WORDS[verdict].toLowerCase()}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
