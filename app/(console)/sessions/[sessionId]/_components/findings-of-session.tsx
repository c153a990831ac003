import { Link } from '@/app/_components/ui/link';
import { formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { LevelMark } from '@/app/_components/verdict/levels';
import { sessionHref } from '@/lib/schemas/session-address';
import type { Session } from '@/lib/schemas/sessions';

/** What rules found that cites steps of the session. Each leads to its first step on the line. */
export function FindingsOfSession({ session: { id, findings, moreFindings } }: { session: Session }) {
  if (findings.length === 0) return null;
  return (
    <Card flush title={formatNoun(findings.length, 'finding')}>
      <ul>
        {findings.map(({ id: findingId, title, level, status, records }) => {
          const [first] = records;
          const href = first ? sessionHref(id, first) : null;
          return (
            <li
              key={findingId}
              className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b px-4 py-2 last:border-b-0"
            >
              <span className="w-20 shrink-0">
                <LevelMark level={level} />
              </span>
              <span className="min-w-0 flex-1 basis-64">
                <Link className="link" href={`/findings?status=${status}&finding=${findingId}`}>
                  {title}
                </Link>{' '}
                <span className="text-xs text-faint">{status}</span>
              </span>
              <span className="text-xs text-muted">
                cites{' '}
                {href ? (
                  <Link className="link" href={href}>
                    {formatNoun(records.length, 'step')}
                  </Link>
                ) : (
                  formatNoun(records.length, 'step')
                )}
                {first?.at && (
                  <>
                    , the first at <Time at={first.at} as="second" />
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      {moreFindings && <p className="border-t px-4 py-2 text-xs text-muted">The worst hundred are listed.</p>}
    </Card>
  );
}
