'use client';
import { FileText, Plus } from 'lucide-react';
import { useState } from 'react';
import { useHasRole } from '@/app/_components/access/role';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { ConfirmByName } from '@/app/_components/ui/confirm-by-name';
import { Empty } from '@/app/_components/ui/empty';
import { Body, Head, HeadCell, HiddenHeadCell, Table } from '@/app/_components/ui/table';
import { toast } from '@/app/_components/ui/toasts';
import type { ReportDefinition } from '@/lib/schemas/report-definitions';
import { DefinitionDialog } from './definition-dialog';
import type { NamedDestination } from './delivery-fields';
import type { NamedFramework } from './record-fields';
import { DefinitionRow } from './definition-row';

type Props = {
  definitions: readonly ReportDefinition[];
  total: number;
  destinations: readonly NamedDestination[];
  frameworks: readonly NamedFramework[];
};

/** Reports that are defined under a name, and what can be done with them. */
export function Definitions({ definitions, total, destinations, frameworks }: Props) {
  const [edited, setEdited] = useState<ReportDefinition | 'new' | null>(null);
  const [deleting, setDeleting] = useState<ReportDefinition | null>(null);
  const add = useHasRole('analyst') && (
    <Button look="primary" size="sm" onClick={() => setEdited('new')}>
      <Plus size={14} aria-hidden />
      Define a report
    </Button>
  );
  return (
    <>
      <Card title="Saved reports" total={total} flush aside={definitions.length > 0 && add}>
        {definitions.length === 0 ? (
          <Empty icon={<FileText size={20} />} title="No report is saved yet" actions={add}>
            Choose chains, agents, a period and the parts once, and have the same report made again with one click.
          </Empty>
        ) : (
          <Table label="Saved reports">
            <Head>
              <HeadCell>Report</HeadCell>
              <HeadCell>Period</HeadCell>
              <HeadCell>Schedule</HeadCell>
              <HeadCell>Last run</HeadCell>
              <HiddenHeadCell>Actions</HiddenHeadCell>
            </Head>
            <Body>
              {definitions.map((definition) => (
                <DefinitionRow
                  key={definition.id}
                  definition={definition}
                  destinations={destinations}
                  onEdit={() => setEdited(definition)}
                  onDelete={() => setDeleting(definition)}
                />
              ))}
            </Body>
          </Table>
        )}
      </Card>
      <DefinitionDialog
        edited={edited}
        destinations={destinations}
        frameworks={frameworks}
        onClose={() => setEdited(null)}
      />
      <ConfirmByName
        name={deleting?.name ?? null}
        onClose={() => setDeleting(null)}
        title="Delete this definition?"
        description="Reports that were made of it stay. It cannot be had back."
        action="Delete"
        whileBusy="Deleting…"
        send={async () => {
          await api(null, `/api/v1/reports/definitions/${deleting?.id ?? ''}`, { method: 'DELETE' });
          toast(`“${deleting?.name ?? ''}” deleted`);
        }}
      />
    </>
  );
}
