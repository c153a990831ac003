'use client';
import { useHasRole } from '@/app/_components/access/role';
import { clsx } from 'clsx';
import { useRouter } from 'next/navigation';
import { startTransition, useOptimistic } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { toast, toastError } from '@/app/_components/ui/toasts';

/** Has a rule run, or no longer; what it found stands either way. */
export function RuleSwitch({ id, title, isEnabled }: { id: string; title: string; isEnabled: boolean }) {
  const router = useRouter();
  const [shown, show] = useOptimistic(isEnabled);
  const isOffered = useHasRole('analyst');
  const turn = (on: boolean, isUndo = false): void =>
    startTransition(async () => {
      show(on);
      try {
        await api(null, `/api/v1/rules/${id}`, { method: 'PATCH', body: { isEnabled: on } });
        startTransition(() => router.refresh());
        if (isUndo) return;
        toast(on ? `“${title}” runs` : `“${title}” does not run any more`, {
          description: on ? 'It looks at what was recorded before as well.' : 'What it found stands.',
          undo: () => turn(!on, true),
        });
      } catch (error) {
        toastError('The rule was not switched', sayError(error));
      }
    });
  return (
    <button
      type="button"
      role="switch"
      aria-checked={shown}
      aria-label={`Run ${title}`}
      disabled={!isOffered}
      title={isOffered ? undefined : 'An analyst or an administrator can switch rules'}
      onClick={() => turn(!shown)}
      className="inline-flex h-6 w-9 items-center rounded-md disabled:cursor-not-allowed disabled:opacity-60"
    >
      <span
        aria-hidden
        className={clsx(
          'flex h-4 w-8 items-center rounded-full border px-0.5 transition-colors duration-100',
          shown ? 'justify-end border-ink bg-ink' : 'justify-start border-edge bg-sunken',
        )}
      >
        <span className={clsx('size-2.5 rounded-full', shown ? 'bg-surface' : 'bg-faint')} />
      </span>
    </button>
  );
}
