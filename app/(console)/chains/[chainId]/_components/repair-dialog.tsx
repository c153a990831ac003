'use client';
import { Scissors } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';

const PlanOfRepair = lazy(() => import('./repair-plan').then((loaded) => ({ default: loaded.PlanOfRepair })));

/** Shows what a repaired copy leaves out before it is downloaded. What is stored here stays as it is. */
export function RepairDialog({ chainId }: { chainId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Scissors size={14} aria-hidden />
        Download a repaired copy
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="A copy without the torn record"
        description="What is stored here as evidence stays as it is. Use the copy where another tool refuses the torn log."
      >
        <Suspense fallback={<p role="status">Reading the log to its end…</p>}>
          <PlanOfRepair chainId={chainId} onClose={() => setOpen(false)} />
        </Suspense>
      </Dialog>
    </>
  );
}
