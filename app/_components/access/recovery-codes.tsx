'use client';
import { Button } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';

const focus = (part: HTMLElement | null): void => part?.focus();

/** Codes that were just made, shown once. Has the focus, since what made them is gone. */
export function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  return (
    <div ref={focus} tabIndex={-1} className="space-y-3 outline-none">
      <p className="text-muted">
        Each of these recovery codes lets you in once without your app. Keep them where you keep passwords: they are not
        shown again.
      </p>
      <Command label="Copy codes">{codes.join('\n')}</Command>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          I have kept them
        </Button>
      </div>
    </div>
  );
}
