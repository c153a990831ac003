import { Link } from '@/app/_components/ui/link';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { LEVELS, LEVEL_LOOK, LevelMark } from '@/app/_components/verdict/levels';
import type { ReportFigures } from '@/lib/schemas/reports';
import { Prose } from './section';

/** `isKept`: of a report as it was made once. */
export function FindingsByLevel({
  report,
  csv,
  isKept = false,
}: {
  report: ReportFigures;
  csv: string;
  isKept?: boolean;
}) {
  const counts = LEVELS.map((level) => [level, report.findingsByLevel[level] ?? 0] as const);
  const most = Math.max(...counts.map(([, count]) => count));
  if (most === 0) return <Prose>The rules ran over every record of this period and found nothing.</Prose>;
  return (
    <>
      <Prose>
        The rules found {formatNoun(report.summary.findings, 'finding')}. Each names the records that prove it.{' '}
        {report.findingsSuppressed > 0 && (
          <>
            <Link className="link" href="/findings/suppressions">
              Suppressions
            </Link>{' '}
            {isKept ? 'hid' : 'hide'} {formatCount(report.findingsSuppressed)} of them {isKept ? 'then' : 'now'}, which
            are counted here with the others.{' '}
          </>
        )}
        <a className="link" href={csv}>
          All of them as CSV
        </a>
      </Prose>
      <table className="w-full max-w-[36rem] text-sm" aria-label="Findings by level">
        <tbody>
          {counts.map(([level, count]) => (
            <tr key={level}>
              <th scope="row" className="h-8 w-28 text-left font-normal">
                <Link href={`/findings?level=${level}`} className="hover:underline">
                  <LevelMark level={level} />
                </Link>
              </th>
              <td>
                <StackedBar of={most} parts={[{ key: level, value: count, tone: LEVEL_LOOK[level].tone }]} />
              </td>
              <td className="w-16 pl-3 text-right font-medium">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
