import { api } from '@/app/_components/api/client';

/** Has an incident report of these findings made. Answers where it is. */
export async function reportOfFindings(findingIds: readonly string[]): Promise<string> {
  const { ReportRun } = await import('@/lib/schemas/report-runs');
  const { id } = await api(ReportRun, '/api/v1/reports/definitions/run', {
    method: 'POST',
    body: { kind: 'incident', period: { of: 'findings' }, incident: { findingIds } },
  });
  return `/reports/runs/${id}`;
}
