'use client';
import { lazy, useState } from 'react';
import { Dialog } from '@/app/_components/ui/dialog';
import { useKey } from '@/app/_components/ui/use-key';

const KeysList = lazy(() => import('./keys-list').then((loaded) => ({ default: loaded.KeysList })));

/** The keys of the page, shown by a question mark. */
export function KeysDialog() {
  const [open, setOpen] = useState(false);
  useKey(({ key }) => {
    if (key === '?') setOpen(true);
  });
  return (
    <Dialog open={open} onOpenChange={setOpen} title="Keys">
      <KeysList />
    </Dialog>
  );
}
