'use client';
import { clsx } from 'clsx';
import { ArrowLeft } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import { type ReactNode, Suspense, lazy, useRef } from 'react';
import { useHasRole } from '@/app/_components/access/role';
import { moveInRows } from '@/app/_components/list/move-in-rows';
import { useOneTabStop } from '@/app/_components/list/use-one-tab-stop';
import { useWanted } from '@/app/_components/ui/dialog';
import type { Finding } from '@/lib/schemas/findings';
import type { FindingStatus } from '@/lib/schemas/triage';
import { BulkBar } from './bulk-bar';
import { QueueItem } from './queue-item';
import { QueueKeys } from './queue-keys';
import { useQueue } from './use-queue';
import type { Query } from './use-triage';

const CaseDialog = lazy(() => import('./case-dialog').then((loaded) => ({ default: loaded.CaseDialog })));
const SuppressDialog = lazy(() => import('./suppress-dialog').then((loaded) => ({ default: loaded.SuppressDialog })));
const DecideDialog = lazy(() => import('./decide-dialog').then((loaded) => ({ default: loaded.DecideDialog })));

type Props = {
  findings: readonly Finding[];
  chosen: string | null;
  shown: string | null;
  status: FindingStatus;
  /** Who is signed in. */
  personId: string;
  /** All that the list has on its pages. */
  all: Query;
  /** Where the list goes on. */
  older: string | null;
  /** What stands over the list. */
  head: ReactNode;
  children: ReactNode;
};

/** Queue left, finding right; every act by a key. The list is one stop of Tab; arrows move in it. */
export function Queue({ findings, chosen, shown, status, personId, all, older, head, children }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const queue = useQueue({ findings, shown, status, personId, all, list });
  const { rows, current, selected, open, select } = queue;
  const isOffered = useHasRole('analyst');
  useOneTabStop(list, 'li');
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[23rem_minmax(0,1fr)]">
      <QueueKeys
        onMove={queue.go}
        onSelect={() => {
          if (current && isOffered) select(current);
        }}
        onClear={queue.clear}
        onAct={(act) => {
          if (isOffered) queue.act(act);
        }}
      />
      <Asked queue={queue} />
      <section
        aria-label="Queue"
        className={clsx(
          'card overflow-hidden lg:sticky lg:top-16 lg:flex lg:max-h-[calc(100dvh-10.5rem)] lg:flex-col',
          chosen && 'max-lg:hidden',
        )}
      >
        {head}
        <ul
          ref={list}
          onKeyDown={(event) => moveInRows(event, 'li', false)}
          className="divide-y divide-line overflow-y-auto lg:min-h-0 lg:flex-1"
        >
          {rows.map((finding) => (
            <QueueItem
              key={finding.id}
              finding={finding}
              current={finding.id === current}
              selected={selected.has(finding.id)}
              onOpen={() => open(finding.id)}
              onSelect={() => select(finding.id)}
            />
          ))}
        </ul>
        {older && (
          <p className="border-t px-4 py-2 text-xs">
            <Link className="link" href={older}>
              Next page
            </Link>
          </p>
        )}
        {isOffered && (
          <BulkBar
            count={queue.count}
            total={all.expected}
            status={status}
            isAll={queue.isAll}
            onAct={queue.act}
            onAll={queue.selectAll}
            onClear={queue.clear}
          />
        )}
      </section>
      <div className={clsx('min-w-0', !chosen && 'max-lg:hidden', queue.moving && 'opacity-60 transition-opacity')}>
        <button
          type="button"
          onClick={() => open(null)}
          className="mb-3 inline-flex min-h-8 items-center gap-1.5 text-muted lg:hidden"
        >
          <ArrowLeft size={15} aria-hidden /> Back to the queue
        </button>
        {children}
      </div>
    </div>
  );
}

/** What is asked about what is selected, loaded when it is asked first. */
function Asked({ queue }: { queue: ReturnType<typeof useQueue> }) {
  const decides = useWanted(queue.deciding > 0);
  const gathers = useWanted(queue.gathering.length > 0);
  const suppresses = useWanted(queue.suppressing.length > 0);
  return (
    <Suspense fallback={null}>
      {decides && (
        <DecideDialog
          count={queue.deciding}
          open={queue.deciding > 0}
          onClose={queue.endAsking}
          onDecide={queue.apply}
        />
      )}
      {gathers && (
        <CaseDialog
          findingIds={queue.gathering}
          open={queue.gathering.length > 0}
          onClose={queue.endAsking}
          onDone={queue.clear}
        />
      )}
      {suppresses && (
        <SuppressDialog
          findings={queue.suppressing}
          open={queue.suppressing.length > 0}
          onClose={queue.endAsking}
          onDone={queue.clear}
        />
      )}
    </Suspense>
  );
}
