'use client';
import { useCallback, useRef, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { type ChainRecord, RecordPage } from '@/lib/schemas/chains';
import { recordsPath } from './filter';

/** Records of one request; windows are aligned to it so that scrolling back and forth asks once. */
const CHUNK = 200;
/** A read that failed is tried again after this. */
const AGAIN_MS = 3_000;
const EVERYTHING = { q: '', decision: null, broken: false };

export type RecordSource = {
  /** The record of a row; undefined while it is on the way. */
  rowAt: (row: number) => ChainRecord | undefined;
  /** Tells which rows are in view. */
  show: (first: number, last: number) => void;
  error: unknown;
};

/** All records of a chain by ordinal, read where they are looked at. `base` is the ordinal of row 0. `loaded` renews what was read before it was searchable. */
export function useWindowed(chainId: string, base: number, loaded: number): RecordSource {
  const chunks = useRef(new Map<number, Map<number, ChainRecord>>());
  /** How many records were searchable when a chunk was asked for. */
  const requested = useRef(new Map<number, number>());
  const [, setArrived] = useState(0);
  const [error, setError] = useState<unknown>(null);

  const read = useCallback(
    async (chunk: number): Promise<void> => {
      requested.current.set(chunk, loaded);
      try {
        const { items } = await api(RecordPage, recordsPath(chainId, EVERYTHING, { from: chunk * CHUNK }, CHUNK));
        if (requested.current.get(chunk) !== loaded) return; // asked for again since
        chunks.current.set(
          chunk,
          new Map(
            items
              .filter(({ ordinal }) => Math.floor(ordinal / CHUNK) === chunk)
              .map((record) => [record.ordinal, record]),
          ),
        );
        setError(null);
        setArrived((count) => count + 1);
      } catch (cause) {
        setError(cause);
        setTimeout(() => {
          requested.current.delete(chunk);
          setArrived((count) => count + 1);
        }, AGAIN_MS);
      }
    },
    [chainId, loaded],
  );

  const show = useCallback(
    (first: number, last: number) => {
      for (let chunk = Math.floor((base + first) / CHUNK); chunk <= Math.floor((base + last) / CHUNK); chunk += 1) {
        const before = requested.current.get(chunk);
        // asked for before all of it was searchable, it came back short
        const short = before !== undefined && before !== loaded && (chunks.current.get(chunk)?.size ?? CHUNK) < CHUNK;
        if (before === undefined || short) void read(chunk);
      }
    },
    [base, loaded, read],
  );
  return { rowAt: (row) => chunks.current.get(Math.floor((base + row) / CHUNK))?.get(base + row), show, error };
}
