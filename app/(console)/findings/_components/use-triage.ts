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

/** Each back to what it was, those alike together. */
async function takeBack(findings: readonly Target[]): Promise<void> {
  const groups = new Map<string, { change: FindingChange; ids: string[] }>();
  for (const { id, status, verdict, assignee } of findings) {
    const isDecided = status === 'resolved' || status === 'closed';
    const change = { status, verdict: isDecided ? (verdict ?? 'unknown') : verdict, assigneeId: assignee?.id ?? null };
    const key = JSON.stringify(change);
    groups.set(key, { change, ids: [...(groups.get(key)?.ids ?? []), id] });
  }
  for (const group of groups.values()) await patch(group);
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
  const change = useCallback(
    async (findings: readonly Target[], asked: FindingChange) => {
      if (asked.status && asked.status !== listed)
        setGone((before) => new Set([...before, ...findings.map(({ id }) => id)]));
      try {
        await patch({ ids: findings.map(({ id }) => id), change: asked });
        router.refresh();
        toast(said(findings.length, asked), {
          undo: () =>
            void takeBack(findings).then(
              () => {
                show(findings);
                router.refresh();
              },
              (error: unknown) => toastError('It could not be taken back', sayError(error)),
            ),
        });
      } catch (error) {
        show(findings);
        router.refresh();
        toastError('Nothing was changed', sayError(error));
      }
    },
    [listed, router, show],
  );
  const changeAll = useCallback(
    async (all: Query, asked: FindingChange) => {
      const { changed, unchanged } = await patch({ ...all, change: asked });
      router.refresh();
      toast(
        said(changed, asked),
        unchanged > 0 ? { description: `${formatNoun(unchanged, 'finding')} were so already.` } : {},
      );
    },
    [router],
  );
  return { gone, change, changeAll };
}
