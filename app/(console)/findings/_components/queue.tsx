'use client';
import { clsx } from 'clsx';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useRef } from 'react';
import { moveInRows } from '@/app/_components/list/move-in-rows';
import { useOneTabStop } from '@/app/_components/list/use-one-tab-stop';
import type { Finding } from '@/lib/schemas/findings';
import { BulkBar } from './bulk-bar';
import { QueueItem } from './queue-item';
import { QueueKeys } from './queue-keys';
import type { Status } from './status-tabs';
import { useQueue } from './use-queue';

type Props = {
  findings: readonly Finding[];
  chosen: string | null;
  shown: string | null;
  status: Status;
  /** Where the list goes on. */
  older: string | null;
  /** What stands over the list. */
  head: ReactNode;
  children: ReactNode;
};

/** Queue left, finding right. J and K move, X selects, E acknowledges, C closes, O opens again. The list is one stop of Tab; arrows move in it. */
export function Queue({ findings, chosen, shown, status, older, head, children }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const { rows, current, selected, moving, open, select, clear, go, decide } = useQueue({
    findings,
    shown,
    status,
    list,
  });
  useOneTabStop(list, 'li');
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[23rem_minmax(0,1fr)]">
      <QueueKeys
        onMove={go}
        onSelect={() => {
          if (current) select(current);
        }}
        onClear={clear}
        onDecide={decide}
      />
      <section
        aria-label="Queue"
        className={clsx('card overflow-hidden lg:sticky lg:top-16', chosen && 'max-lg:hidden')}
      >
        {head}
        <ul
          ref={list}
          onKeyDown={(event) => moveInRows(event, 'li', false)}
          className="max-h-[calc(100dvh-13rem)] divide-y divide-line overflow-y-auto max-lg:max-h-none"
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
        <BulkBar count={selected.size} status={status} onDecide={decide} onClear={clear} />
      </section>
      <div className={clsx('min-w-0', !chosen && 'max-lg:hidden', moving && 'opacity-60 transition-opacity')}>
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
