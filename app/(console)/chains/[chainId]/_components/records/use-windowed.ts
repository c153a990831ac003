'use client';
import { useCallback, useMemo, useRef, useState } from 'react';
import { api } from '@/app/_components/api/client';
import type { EventItem } from '@/app/_components/explorer/asked';
import type { Rows } from '@/app/_components/explorer/rows';
import { RecordPage } from '@/lib/schemas/browser/records';

/** Records of one request; windows are aligned to it so that scrolling back and forth asks once. */
const CHUNK = 200;
/** A read that failed is tried again after this. */
const AGAIN_MS = 3_000;

type Shown = { id: string; name: string; loaded: number };

/**
 * All records of a chain by ordinal, read where they are looked at. `base` is the ordinal of row 0, `count` how many rows there are. `loaded` renews
 * what was read before it was searchable.
 */
export function useWindowed({ id, name, loaded }: Shown, base: number, count: number): Rows & { retry: () => void } {
  const chunks = useRef(new Map<number, Map<number, EventItem>>());
  /** How many records were searchable when a chunk was asked for. */
  const requested = useRef(new Map<number, number>());
  const failed = useRef(new Set<number>());
  const [arrived, setArrived] = useState(0);
  const [error, setError] = useState<unknown>(null);

  /** What could not be read is asked for again where it is in view. */
  const again = useCallback(() => {
    for (const chunk of failed.current) requested.current.delete(chunk);
    failed.current.clear();
    setArrived((before) => before + 1);
  }, []);
  const read = useCallback(
    async (chunk: number): Promise<void> => {
      requested.current.set(chunk, loaded);
      try {
        const path = `/api/v1/chains/${id}/records?from=${chunk * CHUNK}&limit=${CHUNK}`;
        const { items } = await api(RecordPage, path);
        if (requested.current.get(chunk) !== loaded) return; // asked for again since
        const inside = items.filter(({ ordinal }) => Math.floor(ordinal / CHUNK) === chunk);
        chunks.current.set(chunk, new Map(inside.map((record) => [record.ordinal, { ...record, chainName: name }])));
        setError(null);
        setArrived((before) => before + 1);
      } catch (cause) {
        setError(cause);
        failed.current.add(chunk);
        setTimeout(again, AGAIN_MS);
      }
    },
    [id, name, loaded, again],
  );

  return useMemo(
    () => ({
      count,
      rowAt: (row) => chunks.current.get(Math.floor((base + row) / CHUNK))?.get(base + row),
      show: (first, last) => {
        for (let chunk = Math.floor((base + first) / CHUNK); chunk <= Math.floor((base + last) / CHUNK); chunk += 1) {
          const before = requested.current.get(chunk);
          // asked for before all of it was searchable, it came back short
          const short = before !== undefined && before !== loaded && (chunks.current.get(chunk)?.size ?? CHUNK) < CHUNK;
          if (before === undefined || short) void read(chunk);
        }
      },
      state: error ? 'failed' : 'ready',
      error,
      retry: again,
    }),
    // oxlint-disable-next-line react/exhaustive-deps -- what is in the maps changes when something arrives
    [base, count, loaded, read, again, error, arrived],
  );
}
