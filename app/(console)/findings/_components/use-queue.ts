'use client';
import { useRouter } from 'next/navigation';
import { parseAsString, useQueryStates } from 'nuqs';
import { type RefObject, useMemo, useState, useTransition } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { toastError } from '@/app/_components/ui/toasts';
import type { Finding } from '@/lib/schemas/findings';
import { MOST_COUNTED } from '@/lib/schemas/most-counted';
import { MOST_REPORTED } from '@/lib/schemas/most-reported';
import type { FindingChange, FindingStatus } from '@/lib/schemas/triage';
import { isSuppressible } from '@/lib/schemas/suppression-text';
import { reportOfFindings } from './report-of-findings';
import { type Query, useTriage } from './use-triage';

/** What is done with a key. */
export type Act = 'take' | 'hold' | 'decide' | 'reopen' | 'gather' | 'report' | 'suppress';

/** What can be done with findings of a status. */
export function actsOn(status: FindingStatus): Act[] {
  if (status === 'resolved' || status === 'closed') return ['reopen', 'gather', 'report'];
  return status === 'new'
    ? ['take', 'hold', 'decide', 'gather', 'report', 'suppress']
    : ['take', 'hold', 'decide', 'reopen', 'gather', 'report', 'suppress'];
}

/** What findings are selected for one by one. */
export const ONE_BY_ONE: ReadonlySet<Act> = new Set(['gather', 'report', 'suppress']);

type Input = {
  findings: readonly Finding[];
  shown: string | null;
  status: FindingStatus;
  /** Who is signed in. */
  personId: string;
  /** All that the list has, as far as they are counted. */
  all: Query;
  /** Scrolled to the finding that is gone to. */
  list: RefObject<HTMLElement | null>;
};

/** Which finding is shown and which are selected, and what moves them on. */
export function useQueue({ findings, shown, status, personId, all, list }: Input) {
  const report = useReport();
  const [moving, startTransition] = useTransition();
  const asAddress = parseAsString.withOptions({ shallow: false, history: 'replace', scroll: false, startTransition });
  const [{ finding: wanted }, setAddress] = useQueryStates({ finding: asAddress, records: asAddress });
  /** Another finding is shown from its first record on. */
  const setWanted = (finding: string | null) => setAddress({ finding, records: null });
  const { selected, ofAll, selectAll, select, clear } = useSelection(all);
  const isAll = ofAll !== null;
  const [asking, setAsking] = useState<'decide' | 'gather' | 'suppress' | null>(null);
  const { gone, change, changeAll } = useTriage(status);
  const rows = useMemo(() => findings.filter(({ id }) => !gone.has(id)), [findings, gone]);
  const current = wanted ?? shown;
  const targets = rows.filter(({ id }) => (selected.size > 0 ? selected.has(id) : id === current));

  /** So many below the one shown. */
  const go = (by: number): void => {
    const at = rows.findIndex(({ id }) => id === current);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (!next || next.id === current) return;
    void setWanted(next.id);
    list.current?.querySelector(`[data-finding="${next.id}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  /** Changes what is selected, or else what is shown; shows what comes next when that leaves the list. */
  const apply = async (asked: FindingChange): Promise<void> => {
    const leaves = asked.status !== undefined && asked.status !== status;
    if (isAll) {
      await changeAll({ ...all, expected: ofAll }, asked);
      clear();
      if (leaves) void setWanted(null);
      return;
    }
    if (targets.length === 0) return;
    if (leaves && targets.some(({ id }) => id === current)) {
      const [at, after] = [rows.findIndex(({ id }) => id === current), rows.filter((row) => !targets.includes(row))];
      void setWanted((after.find((row) => rows.indexOf(row) > at) ?? after.at(-1))?.id ?? null);
    }
    clear();
    await change(targets, asked);
  };
  const act = (what: Act): void => {
    if (!actsOn(status).includes(what) || (isAll ? ONE_BY_ONE.has(what) : targets.length === 0)) return;
    if (what === 'report') return report(targets.map(({ id }) => id));
    if (what === 'suppress' && !targets.every(isSuppressible))
      return toastError(
        'These are not suppressed',
        'Findings about chains and stored evidence have no records to filter.',
      );
    if (what === 'decide' || what === 'gather' || what === 'suppress') return setAsking(what);
    const asked = {
      take: { status: 'in_progress', assigneeId: personId },
      hold: { status: 'on_hold' },
      reopen: { status: 'new' },
    } as const;
    apply(asked[what]).catch((error: unknown) => toastError('Nothing was changed', sayError(error)));
  };
  return {
    rows,
    current,
    selected: isAll ? new Set(rows.map(({ id }) => id)) : selected,
    count: ofAll ?? selected.size,
    isAll,
    selectAll,
    moving,
    open: (id: string | null) => void setWanted(id),
    select,
    clear,
    go,
    act,
    /** How many are decided about while it is asked how; else 0. */
    deciding: asking === 'decide' ? (ofAll ?? targets.length) : 0,
    /** Those that a case is asked for. */
    gathering: asking === 'gather' ? targets.map(({ id }) => id) : [],
    /** Those that are to be suppressed. */
    suppressing: asking === 'suppress' ? targets : [],
    endAsking: () => setAsking(null),
    apply,
  };
}

/** Has an incident report of some findings made, and goes where it is. */
function useReport() {
  const router = useRouter();
  return (findingIds: readonly string[]): void => {
    if (findingIds.length > MOST_REPORTED)
      return toastError('No report was made', `An incident report is of at most ${MOST_REPORTED} findings.`);
    reportOfFindings(findingIds).then(
      (href) => router.push(href),
      (error: unknown) => toastError('No report was made', sayError(error)),
    );
  };
}

/** Which are selected: some, or all that the list has, `ofAll` of them. */
function useSelection(all: Query) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [ofAll, setOfAll] = useState<number | null>(null);
  return {
    selected,
    ofAll,
    selectAll: (): void =>
      void countAll(all).then(setOfAll, (error: unknown) => toastError('They were not counted', sayError(error))),
    select: (id: string): void => {
      setOfAll(null);
      setSelected((before) =>
        before.has(id) ? new Set([...before].filter((kept) => kept !== id)) : new Set([...before, id]),
      );
    },
    clear: (): void => {
      setSelected(new Set());
      setOfAll(null);
    },
  };
}

/** How many a list has: those beyond what its page counts are counted when all of them are asked for. */
async function countAll({ query, expected }: Query): Promise<number> {
  if (expected < MOST_COUNTED) return expected;
  const { FindingPage } = await import('@/lib/schemas/findings');
  const exact = new URLSearchParams({ ...query, total: 'exact', limit: '1' });
  const { total = expected } = await api(FindingPage, `/api/v1/findings?${exact}`);
  return total;
}
