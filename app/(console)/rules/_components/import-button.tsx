'use client';
import { Upload } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { Button } from '@/app/_components/ui/button';

const ImportDialog = lazy(() => import('./import-dialog').then((parts) => ({ default: parts.ImportDialog })));

/** Takes Sigma files in. What it needs is loaded when it is opened. */
export function ImportButton() {
  const [state, setState] = useState({ open: false, wanted: false });
  return (
    <>
      <Button onClick={() => setState({ open: true, wanted: true })}>
        <Upload size={14} aria-hidden />
        Import…
      </Button>
      {state.wanted && (
        <Suspense fallback={null}>
          <ImportDialog open={state.open} onOpenChange={(open) => setState({ open, wanted: true })} />
        </Suspense>
      )}
    </>
  );
}
