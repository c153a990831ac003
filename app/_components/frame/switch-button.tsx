'use client';
import { useState } from 'react';
import { Button } from '../ui/button';
import { switchWorkspace } from './switch-workspace';

/** Goes to a workspace of the person's, and there to `to`. */
export function SwitchButton({ id, name, to = '/' }: { id: string; name: string; to?: string }) {
  const [busy, setBusy] = useState(false);
  return (
    <Button
      disabled={busy}
      onClick={() => {
        setBusy(true);
        void switchWorkspace(id, to).finally(() => setBusy(false));
      }}
    >
      {busy ? 'Switching…' : `Switch to ${name}`}
    </Button>
  );
}
