'use client';
import { clsx } from 'clsx';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { type ReactNode, useMemo, useRef, useState, useTransition } from 'react';
import type { Finding } from '@/lib/schemas/findings';
import { BulkBar } from './bulk-bar';
import { QueueItem } from './queue-item';
import { QueueKeys } from './queue-keys';
import type { Status } from './status-tabs';
import { useTriage } from './use-triage';

type Props = {
  findings: readonly Finding[];
  chosen: string | null;
  shown: string | null;
  status: Status;
  /** Where the list goes on. */
  older: string | null;
  children: ReactNode;
};

/** Queue left, finding right. J and K move, X selects, E acknowledges, C closes, O opens again. */
export function Queue({ findings, chosen, shown, status, older, children }: Props) {
  const [moving, startTransition] = useTransition();
  const [wanted, setWanted] = useQueryState(
    'finding',
    parseAsString.withOptions({ shallow: false, history: 'replace', scroll: false, startTransition }),
  );
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLUListElement>(null);
  const { gone, move } = useTriage(status);
  const rows = useMemo(() => findings.filter(({ id }) => !gone.has(id)), [findings, gone]);
  const current = wanted ?? shown;

  const select = (id: string): void =>
    setSelected((before) =>
      before.has(id) ? new Set([...before].filter((kept) => kept !== id)) : new Set([...before, id]),
    );
  const go = (by: number): void => {
    const at = rows.findIndex(({ id }) => id === current);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (!next || next.id === current) return;
    void setWanted(next.id);
    list.current?.querySelector(`[data-finding="${next.id}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const decide = (to: Status): void => {
    const targets =
      selected.size > 0 ? rows.filter(({ id }) => selected.has(id)) : rows.filter(({ id }) => id === current);
    if (targets.length === 0 || to === status) return;
    const after = rows.filter((row) => !targets.includes(row));
    const at = rows.findIndex(({ id }) => id === current);
    if (targets.some(({ id }) => id === current))
      void setWanted((after.find((row) => rows.indexOf(row) > at) ?? after.at(-1))?.id ?? null);
    setSelected(new Set());
    void move(targets, to);
  };

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[23rem_minmax(0,1fr)]">
      <QueueKeys
        onMove={go}
        onSelect={() => {
          if (current) select(current);
        }}
        onClear={() => setSelected(new Set())}
        onDecide={decide}
      />
      <section
        aria-label="Queue"
        className={clsx('card overflow-hidden lg:sticky lg:top-16', chosen && 'max-lg:hidden')}
      >
        <ul ref={list} className="max-h-[calc(100dvh-11rem)] divide-y divide-line overflow-y-auto max-lg:max-h-none">
          {rows.map((finding) => (
            <QueueItem
              key={finding.id}
              finding={finding}
              current={finding.id === current}
              selected={selected.has(finding.id)}
              onOpen={() => void setWanted(finding.id)}
              onSelect={() => select(finding.id)}
            />
          ))}
        </ul>
        {older && (
          <p className="border-t px-4 py-2 text-xs">
            <Link className="link" href={older}>
              Older findings
            </Link>
          </p>
        )}
        <BulkBar count={selected.size} status={status} onDecide={decide} onClear={() => setSelected(new Set())} />
      </section>
      <div className={clsx('min-w-0', !chosen && 'max-lg:hidden', moving && 'opacity-60 transition-opacity')}>
        <button
          type="button"
          onClick={() => void setWanted(null)}
          className="mb-3 inline-flex min-h-8 items-center gap-1.5 text-muted lg:hidden"
        >
          <ArrowLeft size={15} aria-hidden /> Back to the queue
        </button>
        {children}
      </div>
    </div>
  );
}
