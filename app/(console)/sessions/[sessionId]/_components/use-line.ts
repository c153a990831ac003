'use client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sessionSegment } from '@/lib/schemas/session-address';
import { SessionGroups, SessionSteps } from '@/lib/schemas/browser/sessions';
import { LineRows, firstChanged } from './line-rows';

export type StepItem = SessionSteps['items'][number];
export const ONLY = ['denied', 'redacted'] as const;
export type Only = (typeof ONLY)[number];
/** What of a session is shown as a line. */
export type Shown = { id: string; chain: string | null; only: readonly Only[] };
export const BY = ['turn', 'minute'] as const;
export type By = (typeof BY)[number];

/** Steps are read so many at a time. */
const CHUNK = 100;
const FOLLOW_MS = 4_000;

function linePath(what: '' | '/groups' | '/steps', shown: Shown, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    ...(shown.chain && { chain: shown.chain }),
    ...(shown.only.length > 0 && { only: shown.only.join(',') }),
    ...more,
  });
  return `/api/v1/sessions/${sessionSegment(shown.id) ?? ''}${what}?${query}`;
}

export function keyOf({ chainId, ordinal }: Pick<StepItem, 'chainId' | 'ordinal'>): string {
  return `${chainId}:${ordinal}`;
}

type Held = { path: string | null; groups: SessionGroups | null; steps: ReadonlyMap<number, StepItem>; error: unknown };
const NOTHING: Held = { path: null, groups: null, steps: new Map(), error: null };

export type Line = Omit<Held, 'path'> & {
  rows: LineRows;
  /** The groups are of what is shown now, and not of what was before. */
  isReady: boolean;
  /** Where a step stands that was read; null for any other. */
  positionOf(step: string | null): number | null;
  /** Reads the steps from one place to another that are not there yet. */
  need(first: number, last: number): void;
  retry(): void;
};

/** The groups of a line at once, and its steps as they are needed. While `follows`, what is added comes in. */
export function useLine(shown: Shown, by: By | null, follows: boolean, onGrown: () => void): Line {
  const [held, setHeld] = useState(NOTHING);
  const { id, chain, only } = shown;
  const path = useMemo(() => linePath('/groups', { id, chain, only }, by ? { by } : {}), [id, chain, only, by]);
  const stepsPath = useMemo(() => linePath('/steps', { id, chain, only }), [id, chain, only]);
  const reading = useReading(stepsPath);
  const begin = useCallback(
    (signal: AbortSignal) => {
      setHeld((was) => ({ ...was, error: null }));
      api(SessionGroups, path, { signal }).then(
        (groups) => {
          reading.forget(0);
          setHeld({ path, groups, steps: new Map(), error: null });
        },
        (error: unknown) => {
          if (!signal.aborted) setHeld({ ...NOTHING, error });
        },
      );
    },
    [path, reading],
  );
  useEffect(() => {
    const abort = new AbortController();
    begin(abort.signal);
    return () => abort.abort();
  }, [begin]);
  useFollowing(follows ? path : null, held.groups, (groups, changed) => {
    reading.forget(changed);
    setHeld((was) => ({ ...was, groups, steps: new Map([...was.steps].filter(([position]) => position < changed)) }));
    onGrown();
  });

  const rows = useMemo(() => new LineRows(held.groups?.groups ?? []), [held.groups]);
  const need = useCallback(
    (first: number, last: number) => {
      for (let at = Math.floor(first / CHUNK) * CHUNK; at <= last && at < rows.steps; at += CHUNK) {
        const onRead = (steps: StepItem[]) =>
          setHeld((was) => {
            const read = steps.map((step, index) => [at + index, step] as const);
            return { ...was, steps: new Map([...was.steps, ...read]) };
          });
        reading.read(at, rows, onRead, (error) => setHeld((was) => ({ ...was, error })));
      }
    },
    [reading, rows],
  );
  const places = useMemo(() => new Map([...held.steps].map(([at, step]) => [keyOf(step), at])), [held.steps]);
  return {
    ...held,
    rows,
    isReady: held.path === path,
    need,
    positionOf: (step) => places.get(step ?? '') ?? null,
    retry: () => begin(new AbortController().signal),
  };
}

/** Reads the groups again and again; says from which step on they are others than those that are shown. */
function useFollowing(
  path: string | null,
  shown: SessionGroups | null,
  onChanged: (groups: SessionGroups, changed: number) => void,
): void {
  const latest = useRef({ shown, onChanged });
  useEffect(() => {
    latest.current = { shown, onChanged };
  });
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    const timer = setInterval(() => {
      api(SessionGroups, path, { signal: abort.signal }).then(
        (groups) => {
          if (latest.current.shown === null) return;
          const changed = firstChanged(latest.current.shown.groups, groups.groups);
          if (changed !== null) latest.current.onChanged(groups, changed);
        },
        () => undefined, // the next one says the same, and what is shown stays
      );
    }, FOLLOW_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [path]);
}

/** Reads parts of a line once each, until they are forgotten. */
function useReading(path: string) {
  const reading = useMemo(() => {
    const begun = new Map<number, AbortController>();
    return {
      begun,
      read(at: number, rows: LineRows, onRead: (steps: StepItem[]) => void, onFailure: (error: unknown) => void): void {
        const placed = rows.groupOf(at);
        if (begun.has(at) || !placed) return;
        const abort = new AbortController();
        begun.set(at, abort);
        const more = { cursor: placed.group.cursor, skip: String(at - placed.first), limit: String(CHUNK) };
        const query = new URLSearchParams(more);
        api(SessionSteps, `${path}&${query}`, { signal: abort.signal }).then(
          ({ items }) => {
            if (!abort.signal.aborted) onRead(items);
          },
          (error: unknown) => {
            if (abort.signal.aborted) return;
            begun.delete(at);
            onFailure(error);
          },
        );
      },
      forget(from: number): void {
        for (const [at, abort] of begun) {
          if (at + CHUNK <= from) continue;
          abort.abort();
          begun.delete(at);
        }
      },
    };
  }, [path]);
  useEffect(() => () => reading.forget(0), [reading]);
  return reading;
}

/** Where a step stands among those shown; null when the session has none such. */
export async function placeOfStep(
  shown: Shown,
  step: string,
  signal: AbortSignal,
): Promise<{ position: number; key: string } | null> {
  const { items, before } = await api(SessionSteps, linePath('/steps', shown, { step, limit: '1' }), { signal });
  const [item] = items;
  return item && before !== null ? { position: before, key: keyOf(item) } : null;
}
