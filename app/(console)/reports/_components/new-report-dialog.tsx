'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { Link } from '@/app/_components/ui/link';
import type { DefinitionPeriod } from '@/lib/schemas/report-definitions';
import { PeriodFields, periodOfForm } from '../definitions/_components/period-fields';
import { type NamedFramework, RecordFields, recordsOfForm } from '../definitions/_components/record-fields';

/** Asks of which kind, period and records a report is to be; it is made, signed and kept, and gone to. */
export function NewReportDialog({
  open,
  onClose,
  period,
  frameworks,
}: {
  open: boolean;
  onClose: () => void;
  period: DefinitionPeriod;
  frameworks: readonly NamedFramework[];
}) {
  const router = useRouter();
  return (
    <FormDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="New report"
      description="It is made once, signed and kept, with what it rests on. To have it made again, save it among saved reports."
      action="Make report"
      whileBusy="Asking…"
      send={async (field, all) => {
        const { ReportRun } = await import('@/lib/schemas/report-runs');
        const body = { ...recordsOfForm(all), ...periodOfForm(field) };
        const { id } = await api(ReportRun, '/api/v1/reports/definitions/run', { method: 'POST', body });
        router.push(`/reports/runs/${id}`);
        return 'leaving';
      }}
    >
      <RecordFields of={undefined} frameworks={frameworks} period={<PeriodFields of={{ period, timeZone: 'UTC' }} />} />
      <p className="text-xs text-muted">
        An incident report is of{' '}
        <Link className="link" href="/findings">
          findings you select
        </Link>
        , or of{' '}
        <Link className="link" href="/cases">
          a case
        </Link>
        .
      </p>
    </FormDialog>
  );
}
