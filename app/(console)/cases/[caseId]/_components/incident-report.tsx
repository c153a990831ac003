'use client';
import { FileText } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Only } from '@/app/_components/access/role';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Has the incident report of a case made as it is now, and goes where it is. Its definition is kept among saved reports. */
export function IncidentReportButton({ caseId, title }: { caseId: string; title: string }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'The report is not made' });
  async function make(): Promise<'leaving'> {
    const [{ ReportDefinition, ReportDefinitionPage }, { ReportRun }] = await Promise.all([
      import('@/lib/schemas/report-definitions'),
      import('@/lib/schemas/report-runs'),
    ]);
    const definitions = '/api/v1/reports/definitions';
    const { items } = await api(ReportDefinitionPage, `${definitions}?limit=500`);
    const known = items.find(({ incident }) => incident && 'caseId' in incident && incident.caseId === caseId);
    const { id } =
      known ??
      (await api(ReportDefinition, definitions, {
        method: 'POST',
        body: {
          name: `Incident ${title}`.slice(0, 90),
          kind: 'incident',
          period: { of: 'findings' },
          incident: { caseId },
        },
      }));
    const run = await api(ReportRun, `${definitions}/${id}/run`, { method: 'POST', body: {} });
    router.push(`/reports/runs/${run.id}`);
    return 'leaving';
  }
  return (
    <Only need="analyst">
      <Button disabled={busy} onClick={() => submit(make)}>
        <FileText size={14} aria-hidden />
        {busy ? 'Asking…' : 'Incident report'}
      </Button>
    </Only>
  );
}
