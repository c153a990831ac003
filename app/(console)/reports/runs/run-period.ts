import { periodWords } from '@/app/_components/attestation/scope';
import { formatSpan } from '@/app/_components/format/span';
import { localDays } from '@/lib/reports/schedule/period-of';
import type { ReportRun } from '@/lib/schemas/report-runs';

/** The period of a kept report, by the calendar of the zone it was made in; of an incident to the minute. */
export function runPeriod({ definition, period }: Pick<ReportRun, 'definition' | 'period'>): string {
  if (definition?.period.of === 'findings') return `${formatSpan(period.from, period.to, 'UTC')} UTC`;
  if (!definition || definition.timeZone === 'UTC') return periodWords(period);
  return `${localDays(period, definition.timeZone)} in ${definition.timeZone}`;
}
