'use client';
import { Suspense, lazy, useState } from 'react';
import { Button } from '@/app/_components/ui/button';
import { useWanted } from '@/app/_components/ui/dialog';
import type { Suppression } from '@/lib/schemas/suppressions';

const EditDialog = lazy(() =>
  import('./edit-suppression-dialog').then((loaded) => ({ default: loaded.EditSuppressionDialog })),
);

/** What the next version is made of. */
export type Edited = Pick<Suppression, 'id' | 'version' | 'title' | 'reason' | 'yaml' | 'expiresAt' | 'state'>;

/** Makes the next version of a suppression. */
export function EditSuppression({ suppression }: { suppression: Edited }) {
  const [open, setOpen] = useState(false);
  const asks = useWanted(open);
  return (
    <>
      <Button size="sm" aria-label={`Edit ${suppression.title}`} onClick={() => setOpen(true)}>
        Edit
      </Button>
      {asks && (
        <Suspense fallback={null}>
          <EditDialog suppression={suppression} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
