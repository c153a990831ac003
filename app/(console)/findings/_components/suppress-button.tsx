'use client';
import { Suspense, lazy, useState } from 'react';
import { Button } from '@/app/_components/ui/button';
import { useWanted } from '@/app/_components/ui/dialog';
import type { Suppressible } from '@/lib/schemas/suppression-text';

const SuppressDialog = lazy(() => import('./suppress-dialog').then((loaded) => ({ default: loaded.SuppressDialog })));

/** Asks what hides a finding and those like it. */
export function SuppressButton({ finding, disabled }: { finding: Suppressible; disabled: boolean }) {
  const [open, setOpen] = useState(false);
  const asks = useWanted(open);
  return (
    <>
      <Button disabled={disabled} onClick={() => setOpen(true)}>
        Suppress…
      </Button>
      {asks && (
        <Suspense fallback={null}>
          <SuppressDialog findings={[finding]} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
