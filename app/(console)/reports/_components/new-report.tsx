'use client';
import { FilePlus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Only } from '@/app/_components/access/role';
import { Button } from '@/app/_components/ui/button';
import { useWanted } from '@/app/_components/ui/dialog';
import type { DefinitionPeriod } from '@/lib/schemas/report-definitions';
import type { NamedFramework } from '../definitions/_components/record-fields';

const NewReportDialog = lazy(() =>
  import('./new-report-dialog').then((loaded) => ({ default: loaded.NewReportDialog })),
);

/** Has a report of any kind made, of the period that is shown unless another is chosen. */
export function NewReport({ period, frameworks }: { period: DefinitionPeriod; frameworks: readonly NamedFramework[] }) {
  const [open, setOpen] = useState(false);
  const wanted = useWanted(open);
  return (
    <Only need="analyst">
      <Button onClick={() => setOpen(true)}>
        <FilePlus size={14} aria-hidden />
        New report…
      </Button>
      <Suspense fallback={null}>
        {wanted && (
          <NewReportDialog open={open} onClose={() => setOpen(false)} period={period} frameworks={frameworks} />
        )}
      </Suspense>
    </Only>
  );
}
