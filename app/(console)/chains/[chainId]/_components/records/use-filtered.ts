'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { type ChainRecord, RecordPage } from '@/lib/schemas/chains';
import { type RecordFilter, recordsPath } from './filter';
import type { RecordSource } from './use-windowed';

const CHUNK = 200;
/** Rows before the end at which the next page is read. */
const AHEAD = 60;
type Held = { items: ChainRecord[]; total: number | null; cursor: string | null; done: boolean; error: unknown };
const NOTHING: Held = { items: [], total: null, cursor: null, done: false, error: null };

/** The records a filter leaves, page after page as they are scrolled to, and those that become searchable meanwhile. `total` null until known. */
export function useFiltered(
  chainId: string,
  { q, decision, broken }: RecordFilter,
  loaded: number,
): RecordSource & { count: number; total: number | null } {
  const [held, setHeld] = useState(NOTHING);
  const abort = useRef<AbortController | null>(null);
  /** How many records were searchable when the end was read last. */
  const covered = useRef(loaded);

  const read = useCallback(
    async (cursor: string | null, from = 0) => {
      const controller = new AbortController();
      abort.current?.abort();
      abort.current = controller;
      try {
        const page = await api(
          RecordPage,
          recordsPath(chainId, { q, decision, broken }, cursor === null ? { from } : { cursor }, CHUNK),
          { signal: controller.signal },
        );
        setHeld((before) => ({
          items: cursor === null && from === 0 ? page.items : [...before.items, ...page.items],
          total: page.total ?? before.total,
          cursor: page.nextCursor,
          done: page.nextCursor === null,
          error: null,
        }));
        if (abort.current === controller) abort.current = null;
      } catch (error) {
        if (controller.signal.aborted) return;
        abort.current = null;
        setHeld((before) => ({ ...before, error }));
      }
    },
    [chainId, q, decision, broken],
  );

  useEffect(() => {
    setHeld(NOTHING);
    void read(null);
    return () => abort.current?.abort();
  }, [read]);

  useEffect(() => {
    if (covered.current === loaded || abort.current !== null || !held.done) return;
    covered.current = loaded;
    void read(null, (held.items.at(-1)?.ordinal ?? -1) + 1);
  }, [loaded, held, read]);

  const show = (_first: number, last: number): void => {
    if (
      !held.done &&
      held.cursor !== null &&
      abort.current === null &&
      held.error === null &&
      last >= held.items.length - AHEAD
    )
      void read(held.cursor);
  };
  return {
    rowAt: (row) => held.items[row],
    show,
    error: held.error,
    count: held.items.length,
    total: held.done ? held.items.length : held.total,
  };
}
