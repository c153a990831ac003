'use client';
import { Only } from '@/app/_components/access/role';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { api } from '@/app/_components/api/client';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { Rule } from '@/lib/schemas/rules';

const AGAIN_MS = 3_000;

const STATE_WORDS = {
  done: 'All of it was looked at',
  cancelled: 'Not all of it was looked at: that was cancelled',
} as const;

/** How far a rule has looked at what was recorded before it, and what ends that or begins it again. */
export function BackfillControl({ id, backfill }: { id: string; backfill: Rule['backfill'] }) {
  const router = useRouter();
  const isRunning = backfill?.state === 'running';
  const { busy, submit } = useSubmit({ failed: 'That was not done' });
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => router.refresh(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [isRunning, router]);
  const send = (method: 'POST' | 'DELETE') =>
    submit(async () => {
      await api(null, `/api/v1/rules/${id}/backfill`, { method });
      router.refresh();
    });
  return (
    <>
      <span role="status">
        {backfill === null
          ? 'The rule was there first'
          : backfill.state === 'running'
            ? `Is looked at, newest first: ${Math.floor(backfill.share * 100)} %`
            : STATE_WORDS[backfill.state]}
      </span>{' '}
      <Only need="analyst">
        {' '}
        <button
          type="button"
          disabled={busy}
          onClick={() => send(isRunning ? 'DELETE' : 'POST')}
          className="link min-h-6 text-muted hover:text-ink disabled:opacity-50"
        >
          {isRunning ? 'Cancel' : 'Look again'}
        </button>
      </Only>{' '}
    </>
  );
}
