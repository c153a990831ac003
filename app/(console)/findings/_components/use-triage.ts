'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { formatNoun } from '@/app/_components/format/number';
import { toast, toastError } from '@/app/_components/ui/toasts';
import type { Finding } from '@/lib/schemas/findings';
import type { FindingChange, FindingStatus, FindingsChanged } from '@/lib/schemas/triage';

export type Target = Pick<Finding, 'id' | 'status' | 'verdict' | 'assignee'>;
/** All that a list has, as many as were seen. */
export type Query = { query: Readonly<Record<string, string>>; expected: number };

/** How long what was done to all that a list has can be taken back at a click. */
const ALL_UNDONE_MS = 60_000;

const DONE: Record<FindingStatus, string> = {
  new: 'opened again',
  in_progress: 'taken up',
  on_hold: 'put on hold',
  resolved: 'resolved',
  closed: 'closed',
};

async function patch(body: ({ ids: string[] } | Query) & { change: FindingChange }): Promise<FindingsChanged> {
  const schemas = await import('@/lib/schemas/triage');
  return api(schemas.FindingsChanged, '/api/v1/findings', { method: 'PATCH', body });
}

/** Puts back what a change changed, of each finding that nobody has changed since. */
async function takeBack(changeId: string): Promise<void> {
  const { ChangeUndone } = await import('@/lib/schemas/triage');
  const { changed, restored } = await api(ChangeUndone, `/api/v1/findings/changes/${changeId}/undo`, {
    method: 'POST',
  });
  if (restored < changed)
    toast(`${formatNoun(restored, 'finding')} put back`, {
      description: `${formatNoun(changed - restored, 'finding')} changed since stay as they are.`,
    });
}

function said(count: number, change: FindingChange): string {
  const done = change.status ? DONE[change.status] : change.assigneeId === null ? 'given back' : 'assigned';
  return `${formatNoun(count, 'finding')} ${done}`;
}

/** Changes findings at once, with a way back. `gone` are those on their way out of the list of a status. */
export function useTriage(listed: FindingStatus): {
  gone: ReadonlySet<string>;
  change: (findings: readonly Target[], change: FindingChange) => Promise<void>;
  changeAll: (all: Query, change: FindingChange) => Promise<void>;
} {
  const router = useRouter();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const show = useCallback(
    (findings: readonly Target[]) =>
      setGone((before) => new Set([...before].filter((id) => findings.every((finding) => finding.id !== id)))),
    [],
  );
  const undo = useCallback(
    (changeId: string, findings: readonly Target[]): void =>
      void takeBack(changeId).then(
        () => {
          show(findings);
          router.refresh();
        },
        (error: unknown) => toastError('It could not be taken back', sayError(error)),
      ),
    [router, show],
  );
  const change = useCallback(
    async (findings: readonly Target[], asked: FindingChange) => {
      if (asked.status && asked.status !== listed)
        setGone((before) => new Set([...before, ...findings.map(({ id }) => id)]));
      try {
        const { changeId } = await patch({ ids: findings.map(({ id }) => id), change: asked });
        router.refresh();
        toast(said(findings.length, asked), { ...(changeId !== null && { undo: () => undo(changeId, findings) }) });
      } catch (error) {
        show(findings);
        router.refresh();
        toastError('Nothing was changed', sayError(error));
      }
    },
    [listed, router, show, undo],
  );
  const changeAll = useCallback(
    async (all: Query, asked: FindingChange) => {
      const { changed, unchanged, changeId } = await patch({ ...all, change: asked });
      router.refresh();
      toast(said(changed, asked), {
        ...(unchanged > 0 && { description: `${formatNoun(unchanged, 'finding')} were so already.` }),
        ...(changeId !== null && { undo: () => undo(changeId, []), undoMs: ALL_UNDONE_MS }),
      });
    },
    [router, undo],
  );
  return { gone, change, changeAll };
}
