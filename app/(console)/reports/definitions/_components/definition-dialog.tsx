'use client';
import { api } from '@/app/_components/api/client';
import { Field } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';
import type { ReportDefinition } from '@/lib/schemas/report-definitions';
import { DeliveryFields, type NamedDestination } from './delivery-fields';
import { PeriodFields, periodOfForm } from './period-fields';
import { ScheduleFields, scheduleOfForm } from './schedule-fields';
import { type NamedFramework, RecordFields, recordsOfForm } from './record-fields';

type Props = {
  /** What is changed; null while nothing is. */ edited: ReportDefinition | 'new' | null;
  destinations: readonly NamedDestination[];
  frameworks: readonly NamedFramework[];

  onClose: () => void;
};

/** Defines a report, or changes what one is made of from now on. */
export function DefinitionDialog({ edited, destinations, frameworks, onClose }: Props) {
  const known = edited === 'new' || edited === null ? undefined : edited;
  const isIncident = known?.kind === 'incident';
  return (
    <FormDialog
      open={edited !== null}
      onOpenChange={(open) => !open && onClose()}
      title={known ? `Change “${known.name}”` : 'Define a report'}
      description={
        known
          ? 'Reports that are kept stay as they are: the next one is made of this.'
          : 'Each run of it is kept and signed, with what it was made of.'
      }
      action={known ? 'Save' : 'Save report'}
      whileBusy="Saving…"
      send={async (field, all) => {
        const { ReportDefinition: Answer } = await import('@/lib/schemas/report-definitions');
        const destinationIds = all.getAll('destinationIds');
        const made = isIncident
          ? {}
          : {
              ...(known && { sample: null }),
              ...recordsOfForm(all),
              ...periodOfForm(field),
              schedule: scheduleOfForm(field),
            };
        const body = { name: field('name'), destinationIds, ...made };
        const [path, method] = known
          ? [`/api/v1/reports/definitions/${known.id}`, 'PATCH' as const]
          : ['/api/v1/reports/definitions', 'POST' as const];
        const { name } = await api(Answer, path, { method, body });
        toast(known ? `“${name}” changed` : `“${name}” saved`);
      }}
    >
      <Field label="Name" name="name" required maxLength={100} defaultValue={known?.name} autoComplete="off" />
      {!isIncident && <PeriodFields of={known} />}
      {!isIncident && <ScheduleFields of={known} />}
      <DeliveryFields of={known} destinations={destinations} />
      {!isIncident && <RecordFields of={known} frameworks={frameworks} />}
    </FormDialog>
  );
}
