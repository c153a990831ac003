import { Link } from '@/app/_components/ui/link';
import { sayGroup } from '@/app/_components/format/group';
import { formatCountedShort } from '@/app/_components/format/counted';
import { Ago, Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { LEVELS, LevelMark } from '@/app/_components/verdict/levels';
import type { Standing } from '@/lib/schemas/reports';

/** What needs a person: new findings by level, how old the oldest is, and the newest of them. */
export function OpenFindings({ standing }: { standing: Standing }) {
  const counts = LEVELS.flatMap((level) =>
    standing.findingsOpen[level] ? [[level, standing.findingsOpen[level]] as const] : [],
  );
  const open = counts.reduce((sum, [, count]) => sum + count, 0);
  return (
    <Card
      title="New findings"
      flush
      aside={
        <Link className="link" href="/findings">
          Triage
        </Link>
      }
    >
      {open === 0 ? (
        <p className="px-4 py-5 text-muted">
          Nothing waits for a person. Rules look at every record as it comes in; what they find appears here.
        </p>
      ) : (
        <>
          <ul className="flex flex-wrap gap-x-5 gap-y-1 border-b px-4 py-3">
            {counts.map(([level, count]) => (
              <li key={level}>
                <Link
                  href={`/findings?level=${level}`}
                  className="inline-flex min-h-6 items-center gap-1.5 hover:underline"
                >
                  <span className="text-lg font-semibold tabular">{formatCountedShort(count)}</span>
                  <LevelMark level={level} />
                </Link>
              </li>
            ))}
          </ul>
          <ul>
            {standing.newestFindings.map((finding) => (
              <li key={finding.id}>
                <Link
                  href={`/findings?finding=${finding.id}`}
                  className="block border-b px-4 py-2 last:border-b-0 hover:bg-hover"
                >
                  <span className="block">{finding.title}</span>
                  <span className="flex gap-2 text-xs text-muted">
                    <LevelMark level={finding.level} />
                    <span className="min-w-0 flex-1 truncate">{sayGroup(finding.group)}</span>
                    <Time at={finding.windowFrom} as="short" className="shrink-0 text-faint" />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          {standing.oldestOpenFindingAt && (
            <p className="px-4 py-2 text-xs text-muted">
              The oldest is from <Time at={standing.oldestOpenFindingAt} />, <Ago at={standing.oldestOpenFindingAt} />.
            </p>
          )}
        </>
      )}
    </Card>
  );
}
