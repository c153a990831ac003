import { periodWords } from '@/app/_components/attestation/scope';
import { localDays } from '@/lib/reports/schedule/period-of';
import type { ReportRun } from '@/lib/schemas/report-runs';

/** The period of a kept report, by the calendar of the zone it was made in. */
export function runPeriod({ definition, period }: Pick<ReportRun, 'definition' | 'period'>): string {
  if (!definition || definition.timeZone === 'UTC') return periodWords(period);
  return `${localDays(period, definition.timeZone)} in ${definition.timeZone}`;
}
