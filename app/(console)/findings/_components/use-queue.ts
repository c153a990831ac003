'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { type RefObject, useMemo, useState, useTransition } from 'react';
import type { Finding } from '@/lib/schemas/findings';
import type { Status } from './status-tabs';
import { useTriage } from './use-triage';

/** Which finding is shown and which are selected, and what moves them on. */
export function useQueue({
  findings,
  shown,
  status,
  list,
}: {
  findings: readonly Finding[];
  shown: string | null;
  status: Status;
  /** Scrolled to the finding that is gone to. */
  list: RefObject<HTMLElement | null>;
}) {
  const [moving, startTransition] = useTransition();
  const [wanted, setWanted] = useQueryState(
    'finding',
    parseAsString.withOptions({ shallow: false, history: 'replace', scroll: false, startTransition }),
  );
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { gone, move } = useTriage(status);
  const rows = useMemo(() => findings.filter(({ id }) => !gone.has(id)), [findings, gone]);
  const current = wanted ?? shown;

  const select = (id: string): void =>
    setSelected((before) =>
      before.has(id) ? new Set([...before].filter((kept) => kept !== id)) : new Set([...before, id]),
    );
  /** Shows the finding so many below the one shown. */
  const go = (by: number): void => {
    const at = rows.findIndex(({ id }) => id === current);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (!next || next.id === current) return;
    void setWanted(next.id);
    list.current?.querySelector(`[data-finding="${next.id}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  /** Moves what is selected, or else what is shown, and shows what comes next. */
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
  return {
    rows,
    current,
    selected,
    moving,
    open: (id: string | null) => void setWanted(id),
    select,
    clear: () => setSelected(new Set()),
    go,
    decide,
  };
}
