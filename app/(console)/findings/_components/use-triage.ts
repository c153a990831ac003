'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { formatNoun } from '@/app/_components/format/number';
import { toast, toastError } from '@/app/_components/ui/toasts';
import type { Finding } from '@/lib/schemas/findings';
import type { Status } from './status-tabs';

const DONE: Record<Status, string> = { open: 'opened again', acknowledged: 'acknowledged', closed: 'closed' };

async function patch(findings: readonly Pick<Finding, 'id'>[], status: Status): Promise<void> {
  const schemas = await import('@/lib/schemas/findings');
  await Promise.all(
    findings.map(({ id }) => api(schemas.Finding, `/api/v1/findings/${id}`, { method: 'PATCH', body: { status } })),
  );
}

/** Moves findings to another status at once, with a way back. `gone` are those on their way out of this list. */
export function useTriage(status: Status): {
  gone: ReadonlySet<string>;
  move: (findings: readonly Finding[], to: Status) => Promise<void>;
} {
  const router = useRouter();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const show = useCallback(
    (findings: readonly Finding[]) =>
      setGone((before) => new Set([...before].filter((id) => findings.every((finding) => finding.id !== id)))),
    [],
  );

  const move = useCallback(
    async (findings: readonly Finding[], to: Status) => {
      setGone((before) => new Set([...before, ...findings.map(({ id }) => id)]));
      try {
        await patch(findings, to);
        router.refresh();
        toast(`${formatNoun(findings.length, 'finding')} ${DONE[to]}`, {
          undo: () =>
            void patch(findings, status).then(
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
        toastError('The status was not changed', sayError(error));
      }
    },
    [router, show, status],
  );
  return { gone, move };
}
